// Package annotation holds the marks that people make on documents and what
// they say about them: highlights, areas, notes and ink, with a comment, a
// meaning, replies, reactions, an assignee, a state and a history. Its other
// half is web/src/features/annotation; docs/annotations.md says more.
//
// Rules:
//   - A private mark exists for its author alone. To everybody else the answer is
//     the same as for an id that was never given, in lists, counts, history,
//     change log and events alike (visible in load.go is the one predicate).
//   - Every change can be asked for twice. The client names it by an operation
//     id; a second request with the same one changes nothing and is answered as
//     the first was (operation.go).
//   - Nobody overwrites what they have not seen: an edit names the revision that
//     it was made from, and a stale one is refused together with what is there now.
//   - Where a mark stands is its anchor, one for each edition of the document. The
//     server makes it of the page's own text and finds it again when a file is
//     parsed anew or a second edition comes (place.go, settle.go). A mark that is
//     not found is an orphan; it is never dropped, and never put somewhere by
//     guessing in silence.
//   - What is deleted can be taken back for 30 days (jobs.go).
//   - Who wrote something is kept by name, so that it stays when the account goes.
//
// service.go reads marks and has the frame that every change runs in; make.go, edit.go,
// remove.go, resolve.go, thread.go and settings.go are the changes, history.go what is
// kept of them.
package annotation
