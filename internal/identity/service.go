package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity/internal/identitydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Config is how sign-in behaves.
type Config struct {
	// SessionLifetime is how long a session lives without being used.
	SessionLifetime time.Duration
	// SecureCookies is set where people come over HTTPS; the cookie then has
	// the __Host- prefix, which browsers accept from HTTPS only.
	SecureCookies bool
	// OnCreated runs in the transaction that makes a person, so that features
	// above can give everybody what they start with. May be nil.
	OnCreated func(ctx context.Context, tx *postgres.Tx, p Person) error
}

// Service makes accounts and recognises people.
type Service struct {
	pool   *pgxpool.Pool
	guard  *guard.Service
	clock  clock.Clock
	cfg    Config
	hasher *passwordHasher
	q      *identitydb.Queries

	// OnSignedOut is told when one of somebody's sessions ended, so that its
	// sockets end too. Set in app; may be nil.
	OnSignedOut func(ctx context.Context, personID uuid.UUID)
}

// New makes a Service.
func New(pool *pgxpool.Pool, g *guard.Service, c clock.Clock, cfg Config) *Service {
	return &Service{pool: pool, guard: g, clock: c, cfg: cfg, hasher: newPasswordHasher(), q: identitydb.New()}
}

// Sign-in attempts: few per address and account, more per address alone,
// because a research group may share one.
var (
	perAccount = guard.Limit{Attempts: 10, Window: 10 * time.Minute}
	perAddress = guard.Limit{Attempts: 100, Window: 10 * time.Minute}
)

// SetupRequired reports whether nobody has an account yet.
func (s *Service) SetupRequired(ctx context.Context) (bool, error) {
	n, err := s.q.CountPeople(ctx, s.pool)
	if err != nil {
		return false, postgres.Fault(fmt.Errorf("count people: %w", err))
	}
	return n == 0, nil
}

// NewSetupLink makes the secret that lets one visitor create the owner. An
// earlier one no longer works. It fails once there is an account.
func (s *Service) NewSetupLink(ctx context.Context) (secret string, err error) {
	required, err := s.SetupRequired(ctx)
	if err != nil {
		return "", err
	}
	if !required {
		return "", errSetUp
	}
	secret, hash := newSecret("")
	if err := s.q.PutSetupLink(ctx, s.pool, hash, s.clock.Now()); err != nil {
		return "", postgres.Fault(fmt.Errorf("store set-up link: %w", err))
	}
	return secret, nil
}

// SetUp makes the first person, who operates this installation.
func (s *Service) SetUp(ctx context.Context, secret string, n NewPerson) (Person, error) {
	n, hash, err := s.prepare(ctx, n)
	if err != nil {
		return Person{}, err
	}
	var p Person
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		taken, err := s.q.TakeSetupLink(ctx, tx, hashSecret(secret))
		if err != nil {
			return fmt.Errorf("take set-up link: %w", err)
		}
		if taken == 0 {
			return errSetUp
		}
		p, err = s.create(ctx, tx, n, hash)
		return err
	})
	return p, err
}

// CreatePerson makes an account; the first one is the operator's.
func (s *Service) CreatePerson(ctx context.Context, n NewPerson) (Person, error) {
	var p Person
	n, hash, err := s.prepare(ctx, n)
	if err != nil {
		return p, err
	}
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		p, err = s.create(ctx, tx, n, hash)
		return err
	})
	return p, err
}

// Prepared is a validated account whose password is hashed already, so that a
// transaction need not stay open for the hash.
type Prepared struct {
	person NewPerson
	hash   string
}

// Prepare validates n and hashes its password.
func (s *Service) Prepare(ctx context.Context, n NewPerson) (Prepared, error) {
	n, hash, err := s.prepare(ctx, n)
	return Prepared{n, hash}, err
}

// CreatePrepared makes an account inside a transaction of another feature.
func (s *Service) CreatePrepared(ctx context.Context, tx *postgres.Tx, p Prepared) (Person, error) {
	return s.create(ctx, tx, p.person, p.hash)
}

func (s *Service) prepare(ctx context.Context, n NewPerson) (NewPerson, string, error) {
	n, err := n.validate()
	if err != nil {
		return n, "", err
	}
	hash, err := s.hasher.hash(ctx, n.Password)
	return n, hash, err
}

func (s *Service) create(ctx context.Context, tx *postgres.Tx, n NewPerson, passwordHash string) (Person, error) {
	if err := s.q.LockPeople(ctx, tx); err != nil {
		return Person{}, fmt.Errorf("lock people: %w", err)
	}
	count, err := s.q.CountPeople(ctx, tx)
	if err != nil {
		return Person{}, fmt.Errorf("count people: %w", err)
	}
	p := Person{ID: uuid.Must(uuid.NewV7()), Email: n.Email, Name: n.Name, IsOperator: count == 0}
	err = s.q.InsertPerson(ctx, tx, identitydb.InsertPersonParams{
		ID: p.ID, Email: p.Email, Name: p.Name, PasswordHash: passwordHash, IsOperator: p.IsOperator, CreatedAt: s.clock.Now(),
	})
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.ConstraintName == "people_email_key" {
		return Person{}, errTaken
	}
	if err != nil {
		return Person{}, fmt.Errorf("insert person: %w", err)
	}
	if s.cfg.OnCreated != nil {
		if err := s.cfg.OnCreated(ctx, tx, p); err != nil {
			return Person{}, err
		}
	}
	return p, nil
}

// CheckPassword gives the person with this e-mail address and password, or a
// fault "wrong_credentials" that does not tell which was wrong. Attempts are
// counted by account and by address.
func (s *Service) CheckPassword(ctx context.Context, email, password, address string) (Person, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	account := "sign-in:" + address + ":" + email
	if len(email) > maxEmail || len(password) > 4*maxPassword {
		return Person{}, errRejected
	}
	if err := s.guard.Allow(ctx, "sign-in:"+address, perAddress); err != nil {
		return Person{}, err
	}
	if err := s.guard.Allow(ctx, account, perAccount); err != nil {
		return Person{}, err
	}
	row, err := s.q.PersonByEmail(ctx, s.pool, email)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Person{}, postgres.Fault(fmt.Errorf("find person: %w", err))
	}
	ok, err := s.hasher.matches(ctx, password, row.PasswordHash)
	if err != nil {
		return Person{}, err
	}
	if !ok {
		return Person{}, errRejected
	}
	if err := s.guard.Forget(ctx, account); err != nil {
		return Person{}, err
	}
	return Person{ID: row.ID, Email: row.Email, Name: row.Name, IsOperator: row.IsOperator}, nil
}

// PersonByEmail finds an account for the operator's command line.
func (s *Service) PersonByEmail(ctx context.Context, email string) (Person, error) {
	row, err := s.q.PersonByEmail(ctx, s.pool, strings.TrimSpace(email))
	if errors.Is(err, pgx.ErrNoRows) {
		return Person{}, fault.New(fault.NotFound, "person_not_found", "There is no account with this e-mail address.")
	}
	if err != nil {
		return Person{}, postgres.Fault(fmt.Errorf("find person: %w", err))
	}
	return Person{ID: row.ID, Email: row.Email, Name: row.Name, IsOperator: row.IsOperator}, nil
}
