// Package mail hands messages to an SMTP server. It knows no queue and does not
// try again: whoever sends keeps the message until Send says that it was taken.
//
// Nothing that people typed can become a header of its own. Names and subjects
// lose their control characters; an address that has one is refused, and so is
// a header whose name is not one.
package mail
