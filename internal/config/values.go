package config

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// Bytes is a size. Written, it is a number with an optional unit: 500000,
// 64KiB, 512MiB, 2GiB; K, M, G, KB, MB and GB mean the same powers of 1024.
type Bytes int64

var byteUnits = []struct {
	name string
	size int64
}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *Bytes) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	digits := strings.TrimRight(s, "BKMGTibkmgt ")
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil || number < 0 || math.IsInf(number, 0) || math.IsNaN(number) {
		return fmt.Errorf("%q is not a size; write it as 512MiB or 2GiB", s)
	}
	factor := int64(1)
	unit := strings.TrimSpace(s[len(digits):])
	if unit != "" && !strings.EqualFold(unit, "b") {
		factor = 0
		for _, u := range byteUnits {
			// K, KB and KiB alike.
			if strings.EqualFold(unit, u.name) || strings.EqualFold(unit, u.name[:1]) || strings.EqualFold(unit, u.name[:1]+"B") {
				factor = u.size
			}
		}
		if factor == 0 {
			return fmt.Errorf("%q is not a size; write it as 512MiB or 2GiB", s)
		}
	}
	bytes := number * float64(factor)
	if bytes >= math.MaxInt64 {
		return fmt.Errorf("%q is too large", s)
	}
	*b = Bytes(bytes)
	return nil
}

// String writes the size with the largest unit that keeps it exact.
func (b Bytes) String() string {
	for _, u := range byteUnits {
		if b != 0 && int64(b)%u.size == 0 {
			return strconv.FormatInt(int64(b)/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(b), 10)
}

// Network is a range of addresses, written as 10.0.0.0/8 or as one address.
type Network struct{ netip.Prefix }

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *Network) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if addr, err := netip.ParseAddr(s); err == nil {
		n.Prefix = netip.PrefixFrom(addr, addr.BitLen())
		return nil
	}
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		return errors.New(strconv.Quote(s) + " is not a network; write it as 10.0.0.0/8 or 192.0.2.7")
	}
	n.Prefix = prefix.Masked()
	return nil
}
