package identity

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

const (
	plainCookie  = "scrollkeeper_session"
	secureCookie = "__Host-scrollkeeper_session"
)

// Session is who is signed in.
type Session struct {
	Person SessionPerson `json:"person"`
}

// SessionPerson is the signed-in person as they see themselves.
type SessionPerson struct {
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name"`
	Email      string    `json:"email"`
	IsOperator bool      `json:"is_operator" doc:"True for who runs this installation"`
}

// SetupRequest creates the owner.
type SetupRequest struct {
	Secret   string `json:"secret" maxLength:"200" doc:"From the one-time link that the server printed"`
	Name     string `json:"name" maxLength:"500"`
	Email    string `json:"email" maxLength:"500"`
	Password string `json:"password" maxLength:"2000"`
}

// SignInRequest begins a session.
type SignInRequest struct {
	Email    string `json:"email" maxLength:"500"`
	Password string `json:"password" maxLength:"2000"`
}

// TokenItem is an API token without its secret.
type TokenItem struct {
	ID         uuid.UUID  `json:"id"`
	Name       string     `json:"name"`
	CreatedAt  time.Time  `json:"created_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
}

// TokenList is a person's API tokens.
type TokenList struct {
	Items []TokenItem `json:"items"`
}

// TokenRequest makes an API token.
type TokenRequest struct {
	Name string `json:"name" maxLength:"500" doc:"What will use it"`
}

// NewToken is an API token with its secret, which is shown this once.
type NewToken struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Token string    `json:"token"`
}

type sessionOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Session
}

// Client is what a session keeps of the browser that began it.
type Client struct {
	UserAgent string `header:"User-Agent"`
}

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/setup", ID: "set-up", Tag: "identity",
		Summary: "Create the owner with the one-time link", Status: http.StatusCreated, Access: httpapi.Public,
	},
		func(ctx context.Context, in *struct {
			Client
			Body SetupRequest
		},
		) (*sessionOutput, error) {
			p, err := s.SetUp(ctx, in.Body.Secret, NewPerson{Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password})
			if err != nil {
				return nil, err
			}
			return s.begin(ctx, p, in.Client)
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/session", ID: "sign-in", Tag: "identity",
		Summary: "Sign in", Status: http.StatusCreated, Access: httpapi.Public,
	},
		func(ctx context.Context, in *struct {
			Client
			Body SignInRequest
		},
		) (*sessionOutput, error) {
			p, err := s.CheckPassword(ctx, in.Body.Email, in.Body.Password, httpapi.ClientAddress(ctx))
			if err != nil {
				return nil, err
			}
			return s.begin(ctx, p, in.Client)
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/session", ID: "get-session", Tag: "identity", Summary: "Who is signed in"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Session }, error) {
			p, err := FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return &struct{ Body Session }{sessionOf(p)}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/session", ID: "sign-out", Tag: "identity",
		Summary: "Sign out", Status: http.StatusNoContent, Access: httpapi.Public,
	},
		func(ctx context.Context, in *struct {
			Plain  string `cookie:"scrollkeeper_session"`
			Secure string `cookie:"__Host-scrollkeeper_session"`
		},
		) (*struct {
			SetCookie http.Cookie `header:"Set-Cookie"`
		}, error,
		) {
			for _, secret := range []string{in.Plain, in.Secure} {
				if err := s.SignOut(ctx, secret); err != nil {
					return nil, err
				}
			}
			return &struct {
				SetCookie http.Cookie `header:"Set-Cookie"`
			}{s.cookie("", -1)}, nil
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/tokens", ID: "list-tokens", Tag: "identity", Summary: "My API tokens"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body TokenList }, error) {
			p, err := FromContext(ctx)
			if err != nil {
				return nil, err
			}
			tokens, err := s.Tokens(ctx, p)
			if err != nil {
				return nil, err
			}
			items := make([]TokenItem, len(tokens))
			for i, t := range tokens {
				items[i] = TokenItem(t)
			}
			return &struct{ Body TokenList }{TokenList{items}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/tokens", ID: "create-token", Tag: "identity",
		Summary: "Create an API token; its secret is shown this once", Status: http.StatusCreated,
	},
		func(ctx context.Context, in *struct{ Body TokenRequest }) (*struct{ Body NewToken }, error) {
			p, err := FromContext(ctx)
			if err != nil {
				return nil, err
			}
			t, secret, err := s.CreateToken(ctx, p, in.Body.Name)
			if err != nil {
				return nil, err
			}
			return &struct{ Body NewToken }{NewToken{ID: t.ID, Name: t.Name, Token: secret}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/tokens/{token_id}", ID: "revoke-token", Tag: "identity",
		Summary: "Revoke an API token", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *struct {
			TokenID uuid.UUID `path:"token_id"`
		},
		) (*struct{}, error) {
			p, err := FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.RevokeToken(ctx, p, in.TokenID)
		})
}

func sessionOf(p Person) Session {
	return Session{SessionPerson{ID: p.ID, Name: p.Name, Email: p.Email, IsOperator: p.IsOperator}}
}

func (s *Service) begin(ctx context.Context, p Person, c Client) (*sessionOutput, error) {
	cookie, err := s.Cookie(ctx, p, c)
	if err != nil {
		return nil, err
	}
	return &sessionOutput{SetCookie: cookie, Body: sessionOf(p)}, nil
}

// Cookie begins a session for p and returns the cookie that proves it.
func (s *Service) Cookie(ctx context.Context, p Person, c Client) (http.Cookie, error) {
	secret, expires, err := s.SignIn(ctx, p, c.UserAgent, httpapi.ClientAddress(ctx))
	if err != nil {
		return http.Cookie{}, err
	}
	return s.cookie(secret, int(expires.Sub(s.clock.Now())/time.Second)), nil
}

func (s *Service) cookie(secret string, maxAge int) http.Cookie {
	//nolint:gosec // Secure is set where people come over HTTPS; over plain HTTP browsers would drop the cookie
	c := http.Cookie{Name: plainCookie, Value: secret, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.cfg.SecureCookies {
		c.Name, c.Secure = secureCookie, true
	}
	return c
}

// Authenticate returns the request's context with the person in it whom its
// API token or session cookie proves. A request with neither, or with a
// session that ended, keeps its context: public routes still work for it.
// A bad API token is an error at once, since a program sent it on purpose.
func (s *Service) Authenticate(r *http.Request) (context.Context, error) {
	ctx := r.Context()
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, secret, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return ctx, fault.New(fault.Unauthenticated, "bad_token", "Use the header Authorization: Bearer with an API token.")
		}
		p, err := s.PersonByToken(ctx, strings.TrimSpace(secret))
		if err != nil {
			return ctx, err
		}
		return WithPerson(ctx, p), nil
	}
	name := plainCookie
	if s.cfg.SecureCookies {
		name = secureCookie
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ctx, nil //nolint:nilerr // no cookie is no error: nobody is signed in
	}
	p, err := s.PersonBySession(ctx, c.Value)
	if fault.Is(err, errSignedOut.Code) {
		return ctx, nil
	}
	if err != nil {
		return ctx, err
	}
	return WithPerson(ctx, p), nil
}
