// Package sharing shows a document, or a collection with the documents in it, to
// people without an account: whoever has a link. Its other half is
// web/src/features/sharing.
//
// Rules:
//   - Editors, admins and the owner make links, to read and to comment. Makers see
//     and revoke their own; admins and the owner see and revoke all.
//   - A link rests on its maker's right. When they leave the library or may no longer
//     make links it shows nothing, and shows it again if they may again. Revoking is
//     final.
//   - What a guest may is decided in one place, library.AuthorizeDocument, from the
//     link as it is at that moment: nothing is kept that could outlive it.
//     A collection's link shows what lies in it and under it at that moment.
//   - A document is shown whole: with its older files, if a guest knows of them.
//   - The secret of a link is 256 random bits, of which SHA-256 alone is kept. So the
//     address is shown once, and neither an admin nor a stolen database can open what
//     somebody else has shared. Who needs it again makes another: then one can be
//     revoked without the other.
//   - A password is hashed with argon2id, in the queue of the accounts' passwords.
//     Attempts are counted by link and address.
//   - Opening a link gives the browser a cookie for that link alone. With a link to
//     comment a guest says a name, and is a person without an account from then on,
//     whose marks stay when the link goes.
//   - A link that is gone, and one that never was, are answered alike.
package sharing
