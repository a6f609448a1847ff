// Package notify tells people what concerns them: in their inbox, live, and by
// mail. It also gives a library's activity. Its other half is
// web/src/features/notify.
//
// Rules:
//   - A notification holds nothing of what was said. It is read from the mark
//     each time, through the view notifications_visible, which says who may see
//     what. So nobody hears of a mark that was deleted or made private meanwhile,
//     nor of a library that they have left: not in the inbox, not by mail.
//   - Nobody is told of what they did themselves.
//   - The mark's transaction inserts one job and nothing else (tell.go does the
//     rest), so that writing a comment does not wait for its readers.
//   - A mail waits until its row is due, is written then and not before, and is
//     tried five times. Without a mail server it is kept in the outbox.
//
// Who is told what:
//
//	mention    who is mentioned
//	assigned   who is asked to look after a mark
//	reply      who made the mark or answered it before
//	watched    who watches the document, and on resolving, the thread's people
//	saved      who wants to hear what newly matches a saved search; what matches is
//	           found out by package savedsearch and told in one row until it is read
//
// Muting a document ends replies and watched for it; mentions and assignments
// still come. Reactions are quiet.
//
// A mail goes:
//
//	waiting --due, and there is something to tell--> sent
//	   |  |                                  `-----> kept    no mail server
//	   |  `--five tries------------------------------> failed
//	   `--everything was read, or may not be seen any more--> (gone)
package notify
