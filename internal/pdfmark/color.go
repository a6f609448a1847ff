package pdfmark

import "math"

// fill is the colour that a meaning has on white paper.
type fill struct {
	meaning string
	color   [3]float32
	line    [3]float32
}

// fills are the highlight and ink colours of the light theme, so that a mark
// looks in another program as it does here.
var fills = [...]fill{
	{"key", rgb(0xfde58a), rgb(0x845600)},
	{"method", rgb(0xb4e0f9), rgb(0x0b6090)},
	{"question", rgb(0xdccffb), rgb(0x6a3dc2)},
	{"disagree", rgb(0xfcc5cc), rgb(0xb0213a)},
	{"quote", rgb(0xc5ebbb), rgb(0x2a6d2e)},
}

func rgb(hex uint32) [3]float32 {
	return [3]float32{float32(hex>>16&0xff) / 255, float32(hex>>8&0xff) / 255, float32(hex&0xff) / 255}
}

// ColorOf is the colour that fills a mark with that meaning, and that of "key"
// for a meaning that is none.
func ColorOf(meaning string) [3]float32 { return look(meaning).color }

// LineColorOf is the colour of a mark that is a line: an underline, a frame, ink.
func LineColorOf(meaning string) [3]float32 { return look(meaning).line }

func look(meaning string) fill {
	for _, one := range fills {
		if one.meaning == meaning {
			return one
		}
	}
	return fills[0]
}

// MeaningOf is the meaning whose colour has the nearest hue: another program's
// pure yellow is "key" and its red "disagree". Black, white and greys, which have
// no hue, are "key", as a mark without a colour is.
func MeaningOf(color [3]float32) string {
	wanted, ok := hue(color)
	if !ok {
		return fills[0].meaning
	}
	nearest, least := fills[0].meaning, math.Inf(1)
	for _, one := range fills {
		own, _ := hue(one.color)
		distance := math.Abs(own - wanted)
		if distance = min(distance, 360-distance); distance < least {
			nearest, least = one.meaning, distance
		}
	}
	return nearest
}

// hue in degrees from red; ok is false for greys.
func hue(color [3]float32) (degrees float64, ok bool) {
	r, g, b := float64(color[0]), float64(color[1]), float64(color[2])
	most, least := max(r, g, b), min(r, g, b)
	chroma := most - least
	if !(chroma > 0.03) { // so that it holds for NaN too
		return 0, false
	}
	switch most {
	case r:
		degrees = math.Mod((g-b)/chroma+6, 6)
	case g:
		degrees = (b-r)/chroma + 2
	default:
		degrees = (r-g)/chroma + 4
	}
	return 60 * degrees, true
}
