/* libcurl's types, and a table of those of its functions that are used. The program is not linked with the library: it
   loads it when it goes to the network (CurlLibrary.swift). */
#ifndef ENSUE_CCURL_H
#define ENSUE_CCURL_H

#include <curl/curl.h>
#include <dlfcn.h>

/* Each function by its name without curl_; its type is the header's. */
#define ENSUE_CURL_FUNCTIONS(each) \
  each(global_init) each(getdate) each(slist_append) each(slist_free_all) each(easy_init) each(easy_cleanup) \
  each(easy_reset) each(easy_setopt) each(easy_perform) each(easy_strerror)

#define ENSUE_CURL_MEMBER(name) __typeof__(curl_##name) *name;
typedef struct __attribute__((swift_attr("@Sendable"))) {
  ENSUE_CURL_FUNCTIONS(ENSUE_CURL_MEMBER)
} ensue_curl;

/* Fills the table from a library that dlopen has opened. Returns the first name that it lacks, or null. */
static inline const char *ensue_curl_fill(ensue_curl *curl, void *library) {
#define ENSUE_CURL_FIND(name) \
  curl->name = (__typeof__(curl_##name) *)dlsym(library, "curl_" #name); \
  if (!curl->name) return "curl_" #name;
  ENSUE_CURL_FUNCTIONS(ENSUE_CURL_FIND)
  return 0;
}

/* What Swift cannot call: functions of a variable number of arguments. */

static inline CURLcode ensue_curl_set_long(ensue_curl curl, CURL *handle, CURLoption option, long value) {
  return curl.easy_setopt(handle, option, value);
}

static inline CURLcode ensue_curl_set_text(ensue_curl curl, CURL *handle, CURLoption option, const char *text) {
  return curl.easy_setopt(handle, option, text);
}

static inline CURLcode ensue_curl_set_headers(ensue_curl curl, CURL *handle, struct curl_slist *headers) {
  return curl.easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

typedef size_t (*ensue_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

/* Where the lines of the head and the bytes of the body go. */
static inline CURLcode ensue_curl_set_receivers(ensue_curl curl, CURL *handle, ensue_curl_receiver head,
                                                ensue_curl_receiver body, void *context) {
  CURLcode code = curl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, head);
  if (code == CURLE_OK) code = curl.easy_setopt(handle, CURLOPT_HEADERDATA, context);
  if (code == CURLE_OK) code = curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
  if (code == CURLE_OK) code = curl.easy_setopt(handle, CURLOPT_WRITEDATA, context);
  return code;
}

#endif
