// Package citeproc formats citations and bibliographies by styles of the
// Citation Style Language 1.0.2
// (https://docs.citationstyles.org/en/stable/specification.html).
//
// A [Style] is read once; [Style.Format] then takes works and what cites them,
// and gives text in runs, to be written plainly or as HTML. The styles and
// locales that come with it are data under their own licence: see the NOTICE
// beside them.
package citeproc
