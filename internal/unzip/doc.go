// Package unzip reads ZIP archives that strangers made. It knows no feature.
//
// Open refuses an archive as a whole when it is none, has more entries or more
// bytes than its Limits allow, or unpacks to far more than it is (Ratio): both as
// its directory declares and as its bytes turn out when they are read. What the
// directory alone may cost is bounded too.
//
// Of the entries only ordinary files are given. Refused, and told by name in
// Refused while the others stay readable, are:
//
//   - names that lead out of the archive: "..", an absolute path, a drive's letter;
//   - names with control characters, without a name, or longer than 1024 bytes;
//   - links, devices and whatever else is no file;
//   - encrypted entries, and those that are packed by other means than store and
//     deflate;
//   - a second entry of the same name, and one inside of what is a file already;
//   - a file that is larger than Limits.Entry, or packed tighter than Ratio.
//
// Left out without a word are folders, hidden files and what macOS and Windows add
// by themselves (__MACOSX, Thumbs.db). Archives within archives are files like
// others, and are not opened.
//
// Names are UTF-8 in form NFC with "/" between folders. A name that is marked as
// UTF-8, or is it without saying so as macOS writes it, is taken as it stands; then
// Info-ZIP's field of the Unicode name counts; else the name is in code page 437.
package unzip
