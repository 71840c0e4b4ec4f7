/* libcurl, with what Swift cannot call: functions of a variable number of arguments. */
#ifndef ENSUE_CCURL_H
#define ENSUE_CCURL_H

#include <curl/curl.h>

typedef size_t (*ensue_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode ensue_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ensue_curl_set_text(CURL *handle, CURLoption option, const char *text) {
  return curl_easy_setopt(handle, option, text);
}

static inline CURLcode ensue_curl_set_headers(CURL *handle, struct curl_slist *headers) {
  return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

/* Where the lines of the head and the bytes of the body go. */
static inline CURLcode ensue_curl_set_receivers(CURL *handle, ensue_curl_receiver head, ensue_curl_receiver body,
                                                void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, head);
  if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
  if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
  if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
  return code;
}

#endif
