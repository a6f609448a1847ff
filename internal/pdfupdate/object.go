package pdfupdate

import (
	"crypto/aes"
	gocipher "crypto/cipher"
	"crypto/md5" //nolint:gosec // the format asks for it
	"crypto/rand"
	"crypto/rc4" //nolint:gosec // the format asks for it
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// objectWriter collects the objects of an update.
type objectWriter struct {
	start   int64 // where the update begins in the file
	data    []byte
	offsets map[types.IndirectRef]int64
	cipher  *cipher // nil for a file that is not encrypted
}

// object puts out an object that is no stream.
func (w *objectWriter) object(ref types.IndirectRef, value types.Object) error {
	w.begin(ref)
	if err := w.value(ref, value); err != nil {
		return err
	}
	w.data = append(w.data, "\nendobj\n"...)
	return nil
}

// stream puts out a stream, without compression: the drawings are short.
func (w *objectWriter) stream(ref types.IndirectRef, entries types.Dict, content []byte) error {
	content, err := w.cipher.encrypt(ref, content, false)
	if err != nil {
		return err
	}
	entries["Length"] = types.Integer(len(content))
	w.begin(ref)
	if err := w.value(ref, entries); err != nil {
		return err
	}
	w.data = append(w.data, "\nstream\n"...)
	w.data = append(w.data, content...)
	w.data = append(w.data, "\nendstream\nendobj\n"...)
	return nil
}

func (w *objectWriter) begin(ref types.IndirectRef) {
	if len(w.data) == 0 {
		w.data = append(w.data, '\n') // the file may end anywhere
	}
	w.offsets[ref] = w.start + int64(len(w.data))
	w.data = fmt.Appendf(w.data, "%d %d obj\n", ref.ObjectNumber, ref.GenerationNumber)
}

// value writes any object as it stands inside the object of ref, which decides
// how its strings are encrypted.
func (w *objectWriter) value(ref types.IndirectRef, value types.Object) error {
	switch value := value.(type) {
	case nil:
		w.data = append(w.data, "null"...)
	case types.Boolean:
		w.data = strconv.AppendBool(w.data, bool(value))
	case types.Integer:
		w.data = strconv.AppendInt(w.data, int64(value), 10)
	case types.Float:
		w.data = appendNumber(w.data, float64(value))
	case types.Name:
		w.data = append(w.data, value.PDFString()...)
	case types.IndirectRef:
		w.data = fmt.Appendf(w.data, "%d %d R", value.ObjectNumber, value.GenerationNumber)
	case types.StringLiteral, types.HexLiteral:
		plain, ok := stringBytes(value)
		if !ok {
			return fmt.Errorf("%w: a string of it is none", ErrDamaged)
		}
		secret, err := w.cipher.encrypt(ref, plain, true)
		if err != nil {
			return err
		}
		w.data = append(w.data, '<')
		w.data = hex.AppendEncode(w.data, secret)
		w.data = append(w.data, '>')
	case types.Array:
		w.data = append(w.data, '[')
		for i, element := range value {
			if i > 0 {
				w.data = append(w.data, ' ')
			}
			if err := w.value(ref, element); err != nil {
				return err
			}
		}
		w.data = append(w.data, ']')
	case types.Dict:
		w.data = append(w.data, "<<"...)
		for _, key := range slices.Sorted(maps.Keys(value)) {
			w.data = append(w.data, types.Name(key).PDFString()...)
			w.data = append(w.data, ' ')
			if err := w.value(ref, value[key]); err != nil {
				return err
			}
		}
		w.data = append(w.data, ">>"...)
	default:
		return fmt.Errorf("%w: a %T where none can be", ErrDamaged, value)
	}
	return nil
}

// appendNumber writes a number as PDF has it, which is without an exponent.
func appendNumber(out []byte, v float64) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.AppendFloat(out, v, 'f', -1, 64)
}

func clone(entries types.Dict) types.Dict { return maps.Clone(entries) }

// stringBytes are the bytes of a string, in either way of writing it.
func stringBytes(value types.Object) (data []byte, ok bool) {
	switch value := value.(type) {
	case types.StringLiteral:
		data, err := types.Unescape(value.Value())
		return data, err == nil
	case types.HexLiteral:
		digits := value.Value()
		if len(digits)%2 != 0 {
			digits += "0"
		}
		data, err := hex.DecodeString(digits)
		return data, err == nil
	}
	return nil, false
}

// cipher encrypts what is put into an encrypted file, with the file's own key
// (ISO 32000-2, 7.6). A nil cipher leaves things as they are.
type cipher struct {
	key              []byte
	whole            bool // the key is used as it is: AES-256
	aesText, aesData bool // otherwise RC4
}

func newCipher(pdf *model.Context) (*cipher, error) {
	if pdf.Encrypt == nil {
		return nil, nil //nolint:nilnil // a file that is not encrypted
	}
	if pdf.E == nil || len(pdf.EncKey) == 0 {
		return nil, ErrEncryption
	}
	c := &cipher{key: pdf.EncKey, whole: pdf.E.R >= 5, aesText: pdf.AES4Strings, aesData: pdf.AES4Streams}
	switch pdf.E.V {
	case 1, 2:
	case 4, 5:
		// A filter that is not named, or named Identity, encrypts nothing.
		object, err := pdf.Dereference(*pdf.Encrypt)
		entries, ok := object.(types.Dict)
		if err != nil || !ok {
			return nil, ErrEncryption
		}
		for _, key := range []string{"StmF", "StrF"} {
			if name, _ := entries[key].(types.Name); name == "" || name == "Identity" {
				return nil, ErrEncryption
			}
		}
		if c.whole && (!c.aesText || !c.aesData) {
			return nil, ErrEncryption
		}
	default:
		return nil, ErrEncryption
	}
	return c, nil
}

// encrypt gives data as it stands in the object of ref.
func (c *cipher) encrypt(ref types.IndirectRef, data []byte, text bool) ([]byte, error) {
	if c == nil {
		return data, nil
	}
	useAES := c.aesData
	if text {
		useAES = c.aesText
	}
	key := c.key
	if !c.whole {
		// Algorithm 1: each object has a key of its own.
		number, generation := int(ref.ObjectNumber), int(ref.GenerationNumber)
		seed := append(slices.Clone(key), byte(number), byte(number>>8), byte(number>>16), byte(generation), byte(generation>>8))
		if useAES {
			seed = append(seed, "sAlT"...)
		}
		sum := md5.Sum(seed) //nolint:gosec // the format asks for it
		key = sum[:min(len(key)+5, 16)]
	}
	if !useAES {
		stream, err := rc4.NewCipher(key) //nolint:gosec // the format asks for it
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrEncryption, err)
		}
		out := make([]byte, len(data))
		stream.XORKeyStream(out, data)
		return out, nil
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncryption, err)
	}
	padding := aes.BlockSize - len(data)%aes.BlockSize
	out := make([]byte, aes.BlockSize+len(data)+padding)
	if _, err := rand.Read(out[:aes.BlockSize]); err != nil {
		return nil, err
	}
	body := out[aes.BlockSize:]
	for i := copy(body, data); i < len(body); i++ {
		body[i] = byte(padding)
	}
	gocipher.NewCBCEncrypter(block, out[:aes.BlockSize]).CryptBlocks(body, body) //nolint:gosec // it was filled at random above
	return out, nil
}
