package extracttest

import (
	"crypto/md5" //nolint:gosec // the format asks for it
	"crypto/rc4" //nolint:gosec // the format asks for it
	"encoding/binary"
	"fmt"
)

// fileID stands in the trailer and goes into the key.
const fileID = "scrollkeeper-pdf"

// padding fills passwords up to 32 bytes (ISO 32000-1, 7.6.3.3, algorithm 2).
const padding = "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08" +
	"\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a"

// permissions allow everything.
const permissions = int32(-4)

// cipher is the standard security handler, version 1, revision 2: the simplest
// that every reader knows. It protects nothing and is for tests alone.
type cipher struct{ key, owner, user []byte }

func newCipher(user, owner string) *cipher {
	padded := []byte((user + padding)[:32])
	// Algorithm 3: the owner entry.
	ownerKey := md5.Sum([]byte((owner + padding)[:32]))
	ownerEntry := rc4Of(ownerKey[:5], padded)

	// Algorithm 2: the file's key.
	hash := md5.New()
	hash.Write(padded)
	hash.Write(ownerEntry)
	permissionBits := permissions
	_ = binary.Write(hash, binary.LittleEndian, permissionBits)
	hash.Write([]byte(fileID))
	key := hash.Sum(nil)[:5]

	// Algorithm 4: the user entry.
	return &cipher{key: key, owner: ownerEntry, user: rc4Of(key, []byte(padding))}
}

// encrypt is algorithm 1: each object has a key of its own.
func (c *cipher) encrypt(number int, data []byte) []byte {
	key := append([]byte{}, c.key...)
	key = append(key, byte(number), byte(number>>8), byte(number>>16), 0, 0)
	sum := md5.Sum(key)
	return rc4Of(sum[:10], data)
}

func (c *cipher) dictionary() string {
	return fmt.Sprintf("<</Filter/Standard/V 1/R 2/Length 40/P %d/O<%x>/U<%x>>>", permissions, c.owner, c.user)
}

func rc4Of(key, data []byte) []byte {
	stream, err := rc4.NewCipher(key)
	if err != nil {
		panic(err) // the keys above have the right length
	}
	out := make([]byte, len(data))
	stream.XORKeyStream(out, data)
	return out
}
