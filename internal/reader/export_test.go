package reader

// Disposition is the header that a file is sent with.
var Disposition = disposition
