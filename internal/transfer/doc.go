// Package transfer takes a document's marks out and in: as annotations in the PDF
// itself, as W3C Web Annotations, and as summaries to read.
//
//	service.go    who may, and which marks
//	sheet.go      what the summaries have in common
//	pdf.go        marks as annotations of the file; package pdfupdate writes them
//	jsonld.go     marks as Web Annotations, and import.go the other way
//	markdown.go, csv.go, html.go   summaries
//
// Its other half is web/src/features/transfer.
package transfer
