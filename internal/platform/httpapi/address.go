package httpapi

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
)

type addressKey struct{}

// ClientAddress is the address of whoever sent the request that ctx belongs
// to: the right-most hop that is not a proxy of ours, so that a forged
// X-Forwarded-For neither evades a limit nor blames somebody else.
func ClientAddress(ctx context.Context) string {
	a, _ := ctx.Value(addressKey{}).(string)
	return a
}

// clientAddress reads the hops from the right: first the peer itself, then
// what X-Forwarded-For says, as long as each hop is trusted to have said it.
func clientAddress(r *http.Request, trusted []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	at := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(at, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop.Unmap()
	}
	return at.String()
}

func isTrusted(a netip.Addr, trusted []netip.Prefix) bool {
	for _, p := range trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
