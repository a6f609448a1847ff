// Package library holds libraries, their members, invitations and the change
// log, and answers the one question of permission: may this person do that
// here? Its other half is web/src/features/library.
//
// Rules:
//   - A role belongs to a person in a library, never to a part of one; rules.go
//     says in sentences what each role may do.
//   - A guest has no role. What they may hangs on one link and on the documents that
//     it shows at the moment they ask; AuthorizeDocument decides, and nothing else
//     lets a guest do anything.
//   - A link rests on its maker's right: when they may not share any more, it shows
//     nothing.
//   - To somebody who is not a member a library does not exist: the answer is
//     not found, never forbidden.
//   - Every lasting change to a library appends a row to its change log in the
//     same transaction (change.go). Who was told nothing catches up from there.
package library
