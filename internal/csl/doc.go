// Package csl holds bibliographic data as CSL-JSON has it: the input format of
// the Citation Style Language, version 1.0.2
// (https://docs.citationstyles.org/en/stable/specification.html). Field names
// in JSON are CSL's variables.
package csl
