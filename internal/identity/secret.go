package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// tokenPrefix lets secret scanners recognise a leaked API token.
const tokenPrefix = "skt_"

// newSecret makes 256 random bits in URL-safe letters, and what is stored of them.
func newSecret(prefix string) (secret string, hash []byte) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: it would end the program
	secret = prefix + base64.RawURLEncoding.EncodeToString(b)
	return secret, hashSecret(secret)
}

// NewSecret makes a secret for a link, and what is stored of it.
func NewSecret() (secret string, hash []byte) { return newSecret("") }

// HashSecret is what is stored of a secret that NewSecret made.
func HashSecret(secret string) []byte { return hashSecret(secret) }

func hashSecret(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane (about 60 ms).
const (
	argonMemory = 19 * 1024 // KiB
	argonPasses = 2
	argonLanes  = 1
)

// passwordHasher bounds how many hashes run at once: each holds 19 MiB, and a
// burst of sign-ins must not take the machine.
type passwordHasher struct{ slots chan struct{} }

func newPasswordHasher() *passwordHasher {
	return &passwordHasher{slots: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
}

func (h *passwordHasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, 32), nil
}

// hash gives the PHC string of a password.
func (h *passwordHasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonLanes, enc(salt), enc(key)), nil
}

// matches reports whether password has this PHC string. An empty string costs
// the same time and never matches: it stands for an account that is not there.
func (h *passwordHasher) matches(ctx context.Context, password, phc string) (bool, error) {
	salt, want := make([]byte, 16), []byte(nil)
	if parts := strings.Split(phc, "$"); len(parts) == 6 {
		var err error
		if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
			return false, fmt.Errorf("stored password: %w", err)
		}
		if want, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
			return false, fmt.Errorf("stored password: %w", err)
		}
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
