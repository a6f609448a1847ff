package anchoring

// pattern is a text to be compared by edit distance (Levenshtein's: one for each
// rune that is put in, left out or replaced), by the bit-parallel method of
// G. Myers, "A fast bit-vector algorithm for approximate string matching based
// on dynamic programming", J. ACM 46 (1999), in blocks of 64 rows, with the
// formulation of the blocks by H. Hyyrö (2003).
type pattern struct {
	length int
	blocks int
	// masks has for each distinct rune one bit for each row that has it; the
	// first entry is for runes that the pattern does not have.
	masks []uint64
	plain [128]int32 // entries of ASCII
	other map[rune]int32

	up, down []uint64 // vertical differences of +1 and of -1
}

// set makes p the pattern of runes, read backwards if asked.
func (p *pattern) set(runes []rune, backwards bool) {
	p.length = len(runes)
	p.blocks = (len(runes) + 63) / 64
	p.plain = [128]int32{}
	clear(p.other)
	p.masks = append(p.masks[:0], make([]uint64, p.blocks)...)
	for i := range runes {
		r := runes[i]
		if backwards {
			r = runes[len(runes)-1-i]
		}
		entry := p.entry(r)
		if entry == 0 {
			entry = int32(len(p.masks) / p.blocks)
			if r < 128 {
				p.plain[r] = entry
			} else {
				if p.other == nil {
					p.other = map[rune]int32{}
				}
				p.other[r] = entry
			}
			for range p.blocks {
				p.masks = append(p.masks, 0)
			}
		}
		p.masks[int(entry)*p.blocks+i/64] |= 1 << (i % 64)
	}
}

func (p *pattern) entry(r rune) int32 {
	if uint32(r) < 128 {
		return p.plain[r]
	}
	return p.other[r]
}

// distances of the whole pattern to text: entry j is that to the best stretch
// of text that ends after j runes. A stretch may begin anywhere; when pinned,
// only where the text begins. Backwards reads the text from its end.
func (p *pattern) distances(text []rune, backwards, pinned bool, out []int32) []int32 {
	out = append(out[:0], int32(p.length))
	if p.length == 0 {
		for j := range text {
			if pinned {
				out = append(out, int32(j+1))
			} else {
				out = append(out, 0)
			}
		}
		return out
	}
	p.up, p.down = p.up[:0], p.down[:0]
	for range p.blocks {
		p.up = append(p.up, ^uint64(0))
		p.down = append(p.down, 0)
	}
	last := uint((p.length - 1) % 64)
	distance := int32(p.length)
	for j := range text {
		r := text[j]
		if backwards {
			r = text[len(text)-1-j]
		}
		masks := p.masks[int(p.entry(r))*p.blocks:][:p.blocks]
		var carryUp, carryDown uint64 // the difference that enters a block from above
		if pinned {
			carryUp = 1
		}
		for b, equal := range masks {
			up, down := p.up[b], p.down[b]
			vertical := equal | down
			equal |= carryDown
			horizontal := (((equal & up) + up) ^ up) | equal
			plus := down | ^(horizontal | up)
			minus := up & horizontal
			if b == p.blocks-1 {
				distance += int32(plus>>last&1) - int32(minus>>last&1)
			}
			nextUp, nextDown := plus>>63, minus>>63
			plus = plus<<1 | carryUp
			minus = minus<<1 | carryDown
			p.up[b] = minus | ^(vertical | plus)
			p.down[b] = plus & vertical
			carryUp, carryDown = nextUp, nextDown
		}
		out = append(out, distance)
	}
	return out
}
