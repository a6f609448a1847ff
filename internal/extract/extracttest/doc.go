// Package extracttest writes small PDFs for tests: valid files with text that is
// known in advance, so that a test needs no fixture from elsewhere.
//
//	pdf := extracttest.PDF("First line\nSecond line", "Page two")
//
// [Document] has more: outline, information, page labels, boxes, rotation,
// encryption, text at chosen places.
package extracttest
