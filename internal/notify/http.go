package notify

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// NotificationPerson is who did something.
type NotificationPerson struct {
	ID   *uuid.UUID `json:"id" doc:"Null when the account is gone"`
	Name string     `json:"name"`
}

// NotificationItem is one thing that concerns me.
type NotificationItem struct {
	ID            uuid.UUID           `json:"id"`
	Kind          string              `json:"kind" enum:"mention,reply,assigned,watched,saved" doc:"Why I am told"`
	Event         string              `json:"event" enum:"mark,reply,mention,assigned,resolved,reopened,matches" doc:"What happened"`
	LibraryID     uuid.UUID           `json:"library_id"`
	DocumentID    uuid.UUID           `json:"document_id" doc:"The newest one, of a saved search's matches"`
	DocumentTitle string              `json:"document_title"`
	AnnotationID  *uuid.UUID          `json:"annotation_id" doc:"Null of a saved search's matches"`
	ReplyID       *uuid.UUID          `json:"reply_id"`
	Actor         NotificationPerson  `json:"actor"`
	Count         int                 `json:"count" doc:"How many marks, where there were several in a row; how many documents newly match a saved search"`
	Excerpt       string              `json:"excerpt" doc:"What was said, on one line; may be empty"`
	Quote         string              `json:"quote" doc:"What the mark stands on; empty for marks on no text"`
	At            time.Time           `json:"at"`
	ReadAt        *time.Time          `json:"read_at"`
	SavedSearch   *NotificationSearch `json:"saved_search" doc:"What newly matches; null of marks"`
}

// NotificationSearch is a saved search.
type NotificationSearch struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// NotificationList is a page of my inbox, newest first.
type NotificationList struct {
	Items  []NotificationItem `json:"items"`
	Unread int                `json:"unread" doc:"At most 100 are counted"`
	Next   *string            `json:"next" doc:"Continues the list; null at its end"`
}

// NotificationsRead says what I have seen.
type NotificationsRead struct {
	IDs []uuid.UUID `json:"ids,omitempty" maxItems:"500"`
	All bool        `json:"all,omitempty"`
}

// NotificationCount is how much I have not seen.
type NotificationCount struct {
	Unread int `json:"unread" doc:"At most 100 are counted"`
}

// NotificationSettings say when I get mail.
type NotificationSettings struct {
	Email string `json:"email" enum:"at_once,daily,off" doc:"at_once: what is meant for me within minutes, the rest once a day. daily: everything once a day"`
}

// DocumentWatch says whether I follow a document.
type DocumentWatch struct {
	State string `json:"state" enum:"none,watching,muted"`
}

// DocumentWatchRequest follows a document, or mutes it.
type DocumentWatchRequest struct {
	State string `json:"state" enum:"watching,muted"`
}

// UnsubscribeRequest ends my mail.
type UnsubscribeRequest struct {
	Token string `json:"token" maxLength:"200" doc:"From the link in a mail"`
}

// OutboxItem is a mail as the operator sees it.
type OutboxItem struct {
	ID        uuid.UUID  `json:"id"`
	Kind      string     `json:"kind" enum:"at_once,digest"`
	State     string     `json:"state" enum:"waiting,sent,kept,failed" doc:"kept: there is no mail server"`
	Name      string     `json:"name"`
	Address   string     `json:"address"`
	Subject   string     `json:"subject" doc:"Empty until it is due"`
	Text      string     `json:"text" doc:"Empty until it is due, once it was sent, and when its reader may not see it any more"`
	Attempts  int        `json:"attempts"`
	LastError string     `json:"last_error"`
	CreatedAt time.Time  `json:"created_at"`
	DueAt     time.Time  `json:"due_at"`
	EndedAt   *time.Time `json:"ended_at"`
}

// OutboxList is a page of mails, newest first.
type OutboxList struct {
	Items []OutboxItem `json:"items"`
	Sends bool         `json:"sends" doc:"Whether there is a server to send through"`
	Next  *string      `json:"next" doc:"Continues the list; null at its end"`
}

// ActivityItem is something that somebody did.
type ActivityItem struct {
	Version       int64              `json:"version"`
	At            time.Time          `json:"at"`
	Actor         NotificationPerson `json:"actor"`
	Kind          string             `json:"kind" enum:"document,annotation,member,library"`
	Op            string             `json:"op" doc:"As in the change log"`
	What          string             `json:"what" doc:"Of a mark: made, reply, body, meaning, moved, shared, resolved, reopened, assigned, deleted, restored"`
	ObjectID      uuid.UUID          `json:"object_id"`
	ObjectName    string             `json:"object_name" doc:"The person that it was about"`
	DocumentID    *uuid.UUID         `json:"document_id" doc:"Null when it is gone"`
	DocumentTitle string             `json:"document_title"`
	AnnotationID  *uuid.UUID         `json:"annotation_id"`
	Excerpt       string             `json:"excerpt"`
	Quote         string             `json:"quote"`
	Count         int                `json:"count" doc:"How many of the same in a row; the newest is shown"`
}

// ActivityList is a page of what was done, newest first.
type ActivityList struct {
	Items []ActivityItem `json:"items" doc:"May be few, or none, although there is more"`
	Next  *string        `json:"next" doc:"Continues the list; null at its end"`
}

type (
	// DocumentPath is exported because huma fills only exported embedded fields.
	DocumentPath struct {
		DocumentID uuid.UUID `path:"document_id"`
	}
	watchOutput    struct{ Body DocumentWatch }
	settingsOutput struct{ Body NotificationSettings }
	activityOutput struct{ Body ActivityList }
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	mountInbox(api, s)
	mountWatch(api, s)
	mountUnsubscribe(api, s)
	mountOutbox(api, s)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/activity", ID: "list-library-activity", Tag: "notify",
		Summary: "What people did in a library",
	},
		func(ctx context.Context, in *struct {
			LibraryID uuid.UUID `path:"library_id"`
			After     string    `query:"after" maxLength:"20" doc:"next of the page before"`
		},
		) (*activityOutput, error) {
			return activityPage(ctx, in.After, func(p identity.Person, before int64) (Activity, error) {
				return s.LibraryActivity(ctx, p, in.LibraryID, before)
			})
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/documents/{document_id}/activity", ID: "list-document-activity", Tag: "notify",
		Summary: "What people did to a document",
	},
		func(ctx context.Context, in *struct {
			DocumentPath
			After string `query:"after" maxLength:"20" doc:"next of the page before"`
		},
		) (*activityOutput, error) {
			return activityPage(ctx, in.After, func(p identity.Person, before int64) (Activity, error) {
				return s.DocumentActivity(ctx, p, in.DocumentID, before)
			})
		})
}

func mountInbox(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/notifications", ID: "list-notifications", Tag: "notify", Summary: "My inbox"},
		func(ctx context.Context, in *struct {
			Unread string `query:"unread" enum:"true,false" doc:"The unread ones, or the others; all when left out"`
			After  string `query:"after" maxLength:"200" doc:"next of the page before"`
			Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
		},
		) (*struct{ Body NotificationList }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			var unread *bool
			if in.Unread != "" {
				unread = new(bool)
				*unread = in.Unread == "true"
			}
			inbox, err := s.Inbox(ctx, p, unread, in.After, in.Limit)
			if err != nil {
				return nil, err
			}
			body := NotificationList{Items: make([]NotificationItem, len(inbox.Items)), Unread: inbox.Unread, Next: optional(inbox.Next)}
			for i, n := range inbox.Items {
				body.Items[i] = itemOf(n)
			}
			return &struct{ Body NotificationList }{body}, nil
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodPost, Path: "/api/notifications/read", ID: "mark-notifications-read", Tag: "notify", Summary: "Mark some, or all, as read"},
		func(ctx context.Context, in *struct{ Body NotificationsRead }) (*struct{ Body NotificationCount }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			n, err := s.MarkRead(ctx, p, in.Body.IDs, in.Body.All)
			return &struct{ Body NotificationCount }{NotificationCount{n}}, err
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/notifications/settings", ID: "get-notification-settings", Tag: "notify", Summary: "When I get mail"},
		func(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			email, err := s.Email(ctx, p)
			return &settingsOutput{NotificationSettings{string(email)}}, err
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodPut, Path: "/api/notifications/settings", ID: "put-notification-settings", Tag: "notify", Summary: "Choose when I get mail"},
		func(ctx context.Context, in *struct{ Body NotificationSettings }) (*settingsOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return &settingsOutput{in.Body}, s.SetEmail(ctx, p, Email(in.Body.Email))
		})
}

func mountWatch(api *httpapi.API, s *Service) {
	const path = "/api/documents/{document_id}/watch"
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: path, ID: "get-watch", Tag: "notify", Summary: "Whether I follow a document"},
		func(ctx context.Context, in *DocumentPath) (*watchOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			state, err := s.Watch(ctx, p, in.DocumentID)
			return &watchOutput{DocumentWatch{string(state)}}, err
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodPut, Path: path, ID: "put-watch", Tag: "notify", Summary: "Follow a document, or mute it"},
		func(ctx context.Context, in *struct {
			DocumentPath
			Body DocumentWatchRequest
		},
		) (*watchOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return &watchOutput{DocumentWatch(in.Body)}, s.SetWatch(ctx, p, in.DocumentID, WatchState(in.Body.State))
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: path, ID: "delete-watch", Tag: "notify",
		Summary: "Neither follow nor mute a document", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *DocumentPath) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.SetWatch(ctx, p, in.DocumentID, NotWatching)
		})
}

func mountUnsubscribe(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/unsubscribe", ID: "unsubscribe", Tag: "notify",
		Summary: "End my mail by the link in one", Status: http.StatusNoContent, Access: httpapi.Public,
	},
		func(ctx context.Context, in *struct{ Body UnsubscribeRequest }) (*struct{}, error) {
			return nil, s.Unsubscribe(ctx, in.Body.Token)
		})
	// What mail programs call by themselves (RFC 8058): a form's POST, of which
	// the address says everything.
	api.Handle(http.MethodPost, "/api/unsubscribe/{token}", httpapi.Public, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.Unsubscribe(r.Context(), r.PathValue("token")); err != nil {
			api.WriteProblem(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	// A GET changes nothing, since programs look at links by themselves too: it
	// leads to the page with the button.
	api.Handle(http.MethodGet, "/api/unsubscribe/{token}", httpapi.Public, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := r.PathValue("token")
		if len(token) > 200 || !urlSafe(token) {
			api.WriteProblem(w, r, errBadLink)
			return
		}
		//nolint:gosec // the path is ours, and behind it stand letters and digits alone
		http.Redirect(w, r, "/unsubscribe#"+token, http.StatusSeeOther)
	}))
}

// urlSafe reports whether s is of the letters that tokens are made of.
func urlSafe(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}

func mountOutbox(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/outbox", ID: "list-outbox", Tag: "notify", Summary: "Mails that were sent, wait or could not be sent, for the operator"},
		func(ctx context.Context, in *struct {
			State string `query:"state" enum:"waiting,sent,kept,failed"`
			After string `query:"after" maxLength:"200" doc:"next of the page before"`
			Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
		},
		) (*struct{ Body OutboxList }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			outbox, err := s.Outbox(ctx, p, in.State, in.After, in.Limit)
			if err != nil {
				return nil, err
			}
			body := OutboxList{Items: make([]OutboxItem, len(outbox.Items)), Sends: outbox.Sends, Next: optional(outbox.Next)}
			for i, m := range outbox.Items {
				body.Items[i] = OutboxItem(m)
			}
			return &struct{ Body OutboxList }{body}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/outbox/{mail_id}/retry", ID: "retry-mail", Tag: "notify",
		Summary: "Try a mail again that was kept or set aside", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *struct {
			MailID uuid.UUID `path:"mail_id"`
		},
		) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.SendAgain(ctx, p, in.MailID)
		})
}

func activityPage(ctx context.Context, after string, load func(p identity.Person, before int64) (Activity, error)) (*activityOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	var before int64
	if after != "" {
		if before, err = strconv.ParseInt(after, 10, 64); err != nil || before < 1 {
			return nil, errBadCursor
		}
	}
	page, err := load(p, before)
	if err != nil {
		return nil, err
	}
	body := ActivityList{Items: make([]ActivityItem, len(page.Items))}
	if page.Next > 0 {
		body.Next = optional(strconv.FormatInt(page.Next, 10))
	}
	for i, a := range page.Items {
		body.Items[i] = ActivityItem{
			Version: a.Version, At: a.At, Actor: personOf(nullable(a.ActorID), a.Actor), Kind: a.Kind, Op: a.Op, What: a.What,
			ObjectID: a.ObjectID, ObjectName: a.Object, DocumentID: pointer(a.DocumentID), DocumentTitle: a.Title, AnnotationID: pointer(a.AnnotationID),
			Excerpt: excerpt(a.Said, maxExcerpt), Quote: excerpt(a.Quote, maxExcerpt), Count: a.Count,
		}
	}
	return &activityOutput{body}, nil
}

func itemOf(n Notification) NotificationItem {
	item := NotificationItem{
		ID: n.ID, Kind: string(n.Kind), Event: n.Event, LibraryID: n.LibraryID, DocumentID: n.DocumentID, DocumentTitle: n.Title,
		ReplyID: pointer(n.ReplyID), Actor: personOf(n.ActorID, n.Actor), Count: n.Count,
		Excerpt: excerpt(n.Said, maxExcerpt), Quote: excerpt(n.Quote, maxExcerpt), At: n.At, ReadAt: n.ReadAt,
	}
	if n.SavedSearchID.Valid {
		item.SavedSearch = &NotificationSearch{ID: n.SavedSearchID.UUID, Name: n.SavedSearch}
	} else {
		item.AnnotationID = &n.AnnotationID
	}
	return item
}

func personOf(id uuid.NullUUID, name string) NotificationPerson {
	return NotificationPerson{ID: pointer(id), Name: name}
}

func pointer(id uuid.NullUUID) *uuid.UUID {
	if !id.Valid {
		return nil
	}
	return &id.UUID
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
