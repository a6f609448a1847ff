// Package identity knows people: how an account is made, how somebody proves to
// be that person, and how long that holds. Its other half is
// web/src/features/identity.
//
// Rules:
//   - Secrets (session cookies, API tokens, the set-up link) are 256 random bits
//     and are kept as SHA-256 only.
//   - A password is hashed with argon2id; which of e-mail and password was wrong
//     is never said, nor to be told from the time it took.
//   - The first person is the operator of the installation.
//   - What a person may do is not decided here but in package library.
package identity
