package notify

import (
	"cmp"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Kind says why somebody is told of something.
type Kind string

// The kinds, from the one that concerns somebody most.
const (
	Mention  Kind = "mention"
	Assigned Kind = "assigned"
	Reply    Kind = "reply"
	Watched  Kind = "watched"
	// Saved is a search of theirs that something newly matches.
	Saved Kind = "saved"
)

// weight orders the kinds: who has several reasons is told the strongest.
var weight = map[Kind]int{Mention: 4, Assigned: 3, Reply: 2, Watched: 1}

// Email says when somebody gets mail.
type Email string

// The settings.
const (
	// AtOnce sends what is meant for oneself within minutes, and the rest, of
	// documents that one only watches, once a day.
	AtOnce Email = "at_once"
	// Daily sends everything once a day.
	Daily Email = "daily"
	// Off sends nothing.
	Off Email = "off"
)

// WatchState says whether somebody follows a document.
type WatchState string

// The states.
const (
	NotWatching WatchState = "none"
	Watching    WatchState = "watching"
	Muted       WatchState = "muted"
)

// Notification is one thing that concerns somebody, as they may see it now.
type Notification struct {
	ID           uuid.UUID
	Kind         Kind
	Event        string // mark, reply, mention, assigned, resolved, reopened, matches
	LibraryID    uuid.UUID
	DocumentID   uuid.UUID // the newest, of a search's matches
	Title        string    // of the document
	AnnotationID uuid.UUID // the nil UUID of a search's matches
	ReplyID      uuid.NullUUID
	ActorID      uuid.NullUUID // invalid when the account is gone
	Actor        string
	Count        int    // how many marks, where there were several in a row; how many documents newly match
	Said         string // as it was typed
	Quote        string // what the mark stands on; empty for marks on no text
	At           time.Time
	ReadAt       *time.Time
	// SavedSearchID and SavedSearch, its name, are of a search's matches.
	SavedSearchID uuid.NullUUID
	SavedSearch   string
}

// Inbox is a page of notifications, newest first.
type Inbox struct {
	Items  []Notification
	Unread int    // at most 100 are counted
	Next   string // continues the list; empty at its end
}

// Mail is one mail as the operator sees it.
type Mail struct {
	ID        uuid.UUID
	Kind      string // at_once or digest
	State     string // waiting, sent, kept, failed
	Name      string // of the person
	Address   string
	Subject   string // empty until it is written
	Text      string // empty until it is written, after it was sent, and once its reader may not see it
	Attempts  int
	LastError string
	CreatedAt time.Time
	DueAt     time.Time
	EndedAt   *time.Time
}

// Outbox is a page of mails, newest first.
type Outbox struct {
	Items []Mail
	// Sends says whether there is a server to send through.
	Sends bool
	Next  string
}

// Action is something that somebody did in a library.
type Action struct {
	Version      int64
	At           time.Time
	ActorID      uuid.UUID
	Actor        string
	Kind         string // document, annotation, member, library
	Op           string // as in the change log
	What         string // of a mark: made, reply, body, resolved …
	ObjectID     uuid.UUID
	Object       string // name of the person that it was about
	DocumentID   uuid.NullUUID
	Title        string
	AnnotationID uuid.NullUUID
	Said         string
	Quote        string
	Count        int // how many in a row
}

// Activity is a page of what was done, newest first.
type Activity struct {
	Items []Action
	Next  int64 // the version that the next page ends below; 0 at the end
}

const (
	// inARow is how long marks of one person on one document count as one.
	inARow = time.Hour
	// digestHour is when the daily mail goes, UTC.
	digestHour = 7
	// maxTries is how often a mail is sent before it is set aside.
	maxTries = 5

	maxExcerpt = 280 // code points
	maxQuote   = 300
)

// backoff is how long a mail waits after each try that failed.
var backoff = [maxTries - 1]time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour}

// How long things are kept.
const (
	keepSent          = 30 * 24 * time.Hour
	keepUnsent        = 90 * 24 * time.Hour
	keepNotifications = 365 * 24 * time.Hour
)

var (
	errNoDocument  = fault.New(fault.NotFound, "document_not_found", "There is no such document, or it is not in a library of yours.")
	errBadCursor   = fault.New(fault.Invalid, "bad_cursor", "This list cannot be continued from there. Load it again.")
	errBadLink     = fault.New(fault.NotFound, "bad_unsubscribe_link", "This link is not complete. Open it from the mail again, or change your settings after signing in.")
	errNotOperator = fault.New(fault.Forbidden, "not_the_operator", "Only who runs this server may see its outbox.")
	errNoMail      = fault.New(fault.NotFound, "mail_not_found", "There is no such mail that could be sent again.")
	errNothingRead = fault.New(fault.Invalid, "nothing_named", "Say which notifications were read, or all of them.")
)

// mention is how a person is mentioned in a text.
var mention = regexp.MustCompile(`@\[([^\]\n]{1,200})\]\(person:[0-9a-fA-F-]{36}\)`)

// excerpt is the beginning of a text on one line, with names in place of mentions.
func excerpt(s string, limit int) string {
	s = strings.Join(strings.Fields(mention.ReplaceAllString(s, "@$1")), " ")
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	cut := string(runes[:limit])
	// At a word's end, unless the text has none.
	if at := strings.LastIndexByte(cut, ' '); at > len(cut)/2 {
		cut = cut[:at]
	}
	return cut + " …"
}

// place is where a list that goes backwards in time continues.
type place struct {
	at time.Time
	id uuid.UUID
}

// newest is before everything.
var newest = place{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), uuid.Max}

func (p place) encode() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.at.UnixMicro(), 10) + "." + p.id.String()))
}

func decodePlace(s string) (place, error) {
	if s == "" {
		return newest, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	micros, id, ok := strings.Cut(string(b), ".")
	at, numberErr := strconv.ParseInt(micros, 10, 64)
	parsed, idErr := uuid.Parse(id)
	if err := cmp.Or(err, numberErr, idErr); err != nil || !ok {
		return place{}, errBadCursor
	}
	return place{time.UnixMicro(at).UTC(), parsed}, nil
}
