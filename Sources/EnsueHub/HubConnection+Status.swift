// What a status of the Hub means to the user.

import EnsueFiles

extension HubConnection {
  /// Nothing for an answer with what was asked for.
  /// - Parameter reference: whose files these are.
  /// - Throws: `Retryable` for what may pass, `Failure` for what will not.
  func checkStatus(_ head: HTTPHead, what: String, of reference: HubReference) throws {
    switch head.status {
    case 200, 206: return
    case 408, 429, 500, 502, 503, 504:
      throw Retryable(failure: unavailable(head, what: what), wish: RetryPolicy.wish(head["Retry-After"]))
    default: throw failure(head, what: what, of: reference)
    }
  }

  private func unavailable(_ head: HTTPHead, what: String) -> Failure {
    let found =
      head.status == 429
      ? "too many requests (429): the server asks to come back later" : "the server is in trouble (\(head.status))"
    return Failure(
      .unavailable, at: what, "\(found)\(words(head))", advice: "Try again later; what has arrived is kept.")
  }

  private func failure(_ head: HTTPHead, what: String, of reference: HubReference) -> Failure {
    let (status, repository) = (head.status, reference.repository)
    let tokenAdvice =
      token == nil
      ? "If it is private, put a token into HF_TOKEN." : "The token may not read it, or is wrong: look at HF_TOKEN."
    switch head["X-Error-Code"]?.lowercased() {
    case "reponotfound":
      return Failure(.missing, at: what, "no repository \(repository) at \(endpoint)", advice: tokenAdvice)
    case "gatedrepo":
      return Failure(
        .missing, at: what, "\(repository) is only for those who have asked for it (\(status))",
        advice: "Ask for access at \(endpoint)/\(repository), then put your token into HF_TOKEN.")
    case "revisionnotfound":
      return Failure(.missing, at: what, "\(repository) has no revision \(Failure.shown(reference.revision))")
    case "entrynotfound": return Failure(.missing, at: what, "\(repository) has no such file (404)")
    default: break
    }
    switch status {
    case 401: return Failure(.missing, at: what, "access denied (401)\(words(head))", advice: tokenAdvice)
    case 403: return Failure(.missing, at: what, "access forbidden (403)\(words(head))", advice: tokenAdvice)
    case 404: return Failure(.missing, at: what, "not found (404) at \(endpoint)\(words(head))", advice: tokenAdvice)
    case 410: return Failure(.missing, at: what, "taken away for good (410)\(words(head))")
    case 451: return Failure(.missing, at: what, "not to be shown for legal reasons (451)\(words(head))")
    default: return Failure(.data, at: what, "the status 200 expected, found \(status)\(words(head))")
    }
  }

  /// The server's own words.
  private func words(_ head: HTTPHead) -> String {
    head["X-Error-Message"].map { ": \(Failure.shown($0))" } ?? ""
  }
}
