// Package httpapi is the HTTP edge: routes with their types (huma on
// net/http), the order of middleware, errors as RFC 9457 problem documents, and
// the files of the web app. It knows no feature; features mount themselves on
// an API and internal/app hands it what it needs of them.
package httpapi
