// libpq's types, and its functions as pointers that are filled in when the library is loaded: what needs no database
// (`parse`, `ls`, `--version`) does not pay for libpq and the thirty libraries it brings along.
#pragma once

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#elif __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#elif __has_include("/opt/homebrew/opt/libpq/include/libpq-fe.h")
#include "/opt/homebrew/opt/libpq/include/libpq-fe.h"
#elif __has_include("/usr/local/opt/libpq/include/libpq-fe.h")
#include "/usr/local/opt/libpq/include/libpq-fe.h"
#else
#error "libpq-fe.h is missing: install libpq-dev (Debian, Ubuntu), libpq-devel (Fedora) or libpq (Homebrew)"
#endif
#include <dlfcn.h>

#define LIBPQ_FUNCTIONS \
  X(PQbackendPID) \
  X(PQcancel) \
  X(PQclear) \
  X(PQcmdStatus) \
  X(PQcmdTuples) \
  X(PQconnectPoll) \
  X(PQconnectStartParams) \
  X(PQconsumeInput) \
  X(PQencryptPasswordConn) \
  X(PQerrorMessage) \
  X(PQfinish) \
  X(PQfmod) \
  X(PQfname) \
  X(PQfreeCancel) \
  X(PQfreemem) \
  X(PQftable) \
  X(PQftablecol) \
  X(PQftype) \
  X(PQgetCancel) \
  X(PQgetCopyData) \
  X(PQgetResult) \
  X(PQgetisnull) \
  X(PQgetlength) \
  X(PQgetvalue) \
  X(PQgssEncInUse) \
  X(PQnfields) \
  X(PQntuples) \
  X(PQparameterStatus) \
  X(PQputCopyData) \
  X(PQputCopyEnd) \
  X(PQresultErrorField) \
  X(PQresultErrorMessage) \
  X(PQresultStatus) \
  X(PQsendQuery) \
  X(PQsendQueryParams) \
  X(PQserverVersion) \
  X(PQsetErrorVerbosity) \
  X(PQsetNoticeProcessor) \
  X(PQsetNoticeReceiver) \
  X(PQsetSingleRowMode) \
  X(PQsocket) \
  X(PQsslInUse) \
  X(PQstatus) \
  X(PQtransactionStatus)

// One pointer for each function, of its type in libpq's header and under its name.
typedef struct {
#define X(name) __typeof__(&name) name;
  LIBPQ_FUNCTIONS
#undef X
} LibPQFunctions;

// Finds all functions in a library opened with dlopen. Gives the name of the first that is not there, or null.
static inline const char *libpq_find_functions(LibPQFunctions *functions, void *library) {
#define X(name) \
  if (!(functions->name = (__typeof__(&name))dlsym(library, #name))) return #name;
  LIBPQ_FUNCTIONS
#undef X
  return 0;
}
