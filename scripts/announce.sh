#!/usr/bin/env bash
# Prints a heading, so that a long run can be found one's way in.
printf '\n== %s ==\n' "$*"
