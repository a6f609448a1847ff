package annotation

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// AnnotationPerson is who made something.
type AnnotationPerson struct {
	ID   *uuid.UUID `json:"id" doc:"Null for a name that a file gave, and for an account that is gone"`
	Name string     `json:"name"`
}

// AnnotationPart is where a mark stands on one page.
type AnnotationPart struct {
	Page  int            `json:"page" doc:"From 1"`
	Start *int           `json:"start" doc:"Code point offset in the page's text; null for marks on no text"`
	End   *int           `json:"end"`
	Quads [][8]float32   `json:"quads" doc:"What a mark on text covers, one for each line: x, y of the top left, top right, bottom left and bottom right corner of the text as it reads, in PDF points"`
	Rect  *pagetext.Rect `json:"rect" doc:"x0, y0, x1, y1 in PDF points; for ink the box around it"`
	Paths [][]float32    `json:"paths" doc:"Strokes of ink: x, y, x, y … in PDF points"`
}

// AnnotationAnchor is where a mark stands in one edition.
type AnnotationAnchor struct {
	EditionID uuid.UUID        `json:"edition_id"`
	Status    string           `json:"status" enum:"exact,fuzzy,orphan,pending" doc:"Exact: certain. Fuzzy: found by what it says and what stands around it. Orphan: not found. Pending: not looked for yet"`
	Score     float64          `json:"score" minimum:"0" maximum:"1" doc:"How sure the place is"`
	Confirmed bool             `json:"confirmed" doc:"A person has agreed to a place that was guessed"`
	Exact     string           `json:"exact" doc:"What the marked text says; for marks on no text the words in it or nearest to it"`
	Prefix    string           `json:"prefix"`
	Suffix    string           `json:"suffix"`
	Parts     []AnnotationPart `json:"parts" doc:"One for each page; none while pending, and for an orphan"`
}

// AnnotationReaction is an emoji and who chose it.
type AnnotationReaction struct {
	Emoji  string             `json:"emoji"`
	People []AnnotationPerson `json:"people"`
}

// AnnotationReply is an answer to a mark.
type AnnotationReply struct {
	ID        uuid.UUID            `json:"id"`
	Author    AnnotationPerson     `json:"author"`
	Body      string               `json:"body" doc:"Markdown; empty when deleted"`
	Revision  int32                `json:"revision"`
	CreatedAt time.Time            `json:"created_at"`
	EditedAt  *time.Time           `json:"edited_at"`
	DeletedAt *time.Time           `json:"deleted_at"`
	Reactions []AnnotationReaction `json:"reactions"`
}

// AnnotationItem is a mark with all that was said about it.
type AnnotationItem struct {
	ID         uuid.UUID            `json:"id"`
	LibraryID  uuid.UUID            `json:"library_id"`
	DocumentID uuid.UUID            `json:"document_id"`
	EditionID  *uuid.UUID           `json:"edition_id" doc:"The edition that it was made on; null for a note on the document"`
	Kind       string               `json:"kind" enum:"highlight,underline,area,note,text,ink,document" doc:"A document is a note on the whole of it, without a place"`
	Meaning    string               `json:"meaning" enum:"key,method,question,disagree,quote"`
	Private    bool                 `json:"private" doc:"Nobody but its author sees it"`
	Author     AnnotationPerson     `json:"author"`
	Body       string               `json:"body" doc:"Markdown; may be empty. Mentions are written @[Name](person:<id>)"`
	Revision   int32                `json:"revision" doc:"Counts the author's edits"`
	CreatedAt  time.Time            `json:"created_at"`
	UpdatedAt  time.Time            `json:"updated_at"`
	EditedAt   *time.Time           `json:"edited_at"`
	ResolvedAt *time.Time           `json:"resolved_at"`
	ResolvedBy *AnnotationPerson    `json:"resolved_by"`
	Assignee   *AnnotationPerson    `json:"assignee" doc:"Who is asked to look after it"`
	DeletedAt  *time.Time           `json:"deleted_at" doc:"Null but in the answer to a repeated request whose mark was deleted since"`
	Origin     string               `json:"origin" enum:"person,file,import"`
	Anchor     AnnotationAnchor     `json:"anchor"`
	Replies    []AnnotationReply    `json:"replies" doc:"Oldest first"`
	Reactions  []AnnotationReaction `json:"reactions"`
}

// AnnotationList is a part of a document's marks, in the order of its text.
type AnnotationList struct {
	Items []AnnotationItem `json:"items"`
	Next  *string          `json:"next" doc:"Give it as after to continue; null at the end"`
}

// AnnotationPartRequest says where a mark shall stand on one page.
type AnnotationPartRequest struct {
	Page  int         `json:"page"`
	Start *int        `json:"start,omitempty" nullable:"true" doc:"Code point offset in the page's text, for marks on text"`
	End   *int        `json:"end,omitempty" nullable:"true"`
	Rect  []float64   `json:"rect,omitempty" nullable:"true" doc:"x0, y0, x1, y1 in PDF points, for an area, a text and a note"`
	Paths [][]float64 `json:"paths,omitempty" nullable:"true" doc:"Strokes of ink: x, y, x, y … in PDF points"`
}

// AnnotationRequest makes a mark.
type AnnotationRequest struct {
	ID          uuid.UUID               `json:"id" doc:"Chosen by the client; asking again with the same one makes no second mark"`
	EditionID   *uuid.UUID              `json:"edition_id,omitempty" nullable:"true" doc:"Left out for a note on the document"`
	Kind        string                  `json:"kind" enum:"highlight,underline,area,note,text,ink,document" doc:"A document is a note on the whole of it, without a place"`
	Meaning     string                  `json:"meaning" enum:"key,method,question,disagree,quote"`
	Private     bool                    `json:"private"`
	Body        string                  `json:"body,omitempty" doc:"Markdown"`
	TextVersion *string                 `json:"text_version,omitempty" nullable:"true" doc:"The version of the text that start and end count in; another one is refused"`
	Parts       []AnnotationPartRequest `json:"parts" doc:"None for a note on the document"`
}

// AnnotationChange changes a mark; what is left out stays as it is.
type AnnotationChange struct {
	Revision    int32                   `json:"revision" doc:"The one that was edited; another one is refused with what is there now"`
	Body        *string                 `json:"body,omitempty"`
	Meaning     *string                 `json:"meaning,omitempty" enum:"key,method,question,disagree,quote"`
	Private     *bool                   `json:"private,omitempty"`
	Kind        *string                 `json:"kind,omitempty" enum:"highlight,underline,area,note,text,ink"`
	Parts       []AnnotationPartRequest `json:"parts,omitempty" nullable:"true"`
	EditionID   *uuid.UUID              `json:"edition_id,omitempty" doc:"The edition that parts are places in; left out, the one that the mark was made on"`
	TextVersion *string                 `json:"text_version,omitempty" nullable:"true" doc:"As for a new mark"`
}

// AnnotationPlace says which edition's place is meant.
type AnnotationPlace struct {
	EditionID *uuid.UUID `json:"edition_id,omitempty" doc:"Left out, the newest"`
}

// AnnotationAssignee asks somebody to look after a mark.
type AnnotationAssignee struct {
	PersonID *uuid.UUID `json:"person_id" doc:"Null for nobody"`
}

// AnnotationReplyRequest answers a mark.
type AnnotationReplyRequest struct {
	ID   uuid.UUID `json:"id" doc:"Chosen by the client; asking again with the same one makes no second reply"`
	Body string    `json:"body" doc:"Markdown"`
}

// AnnotationReplyChange changes a reply.
type AnnotationReplyChange struct {
	Revision int32  `json:"revision" doc:"The one that was edited; another one is refused with what is there now"`
	Body     string `json:"body" doc:"Markdown"`
}

// AnnotationHistoryItem is one change of a mark or of a reply to it.
type AnnotationHistoryItem struct {
	At      time.Time        `json:"at"`
	By      AnnotationPerson `json:"by"`
	What    string           `json:"what" enum:"made,body,meaning,moved,shared,resolved,reopened,assigned,deleted,restored"`
	ReplyID *uuid.UUID       `json:"reply_id" doc:"Null for the mark itself"`
	Before  *string          `json:"before" doc:"A body as it was, the key of a meaning, private or shared, a name, the words of a place; null where there was nothing"`
	After   *string          `json:"after"`
}

// AnnotationHistory is what happened to a mark, oldest first.
type AnnotationHistory struct {
	Items []AnnotationHistoryItem `json:"items"`
}

// AnnotationMeaning is what a library calls a meaning.
type AnnotationMeaning struct {
	Name *string `json:"name" doc:"Null where the library has no name of its own for it"`
}

// AnnotationMeanings are the names of the five meanings.
type AnnotationMeanings struct {
	Key      AnnotationMeaning `json:"key"`
	Method   AnnotationMeaning `json:"method"`
	Question AnnotationMeaning `json:"question"`
	Disagree AnnotationMeaning `json:"disagree"`
	Quote    AnnotationMeaning `json:"quote"`
}

// AnnotationSettings are what a library decides about its marks.
type AnnotationSettings struct {
	DefaultPrivate bool               `json:"default_private" doc:"A new mark is private unless its author says otherwise"`
	Meanings       AnnotationMeanings `json:"meanings"`
}

type (
	// AnnotationPath is exported because huma fills only exported embedded fields.
	AnnotationPath struct {
		AnnotationID uuid.UUID `path:"annotation_id"`
	}
	// AnnotationReplyPath names a reply in a route.
	AnnotationReplyPath struct {
		ReplyID uuid.UUID `path:"reply_id"`
	}
	// AnnotationOperation is what the client calls one change.
	AnnotationOperation struct {
		OperationID uuid.UUID `header:"Idempotency-Key" doc:"Names this change. A second request with it changes nothing and is answered as the first was"`
		View        uuid.UUID `query:"edition_id" doc:"The edition to give the mark's place in; left out, the newest"`
	}
	// AnnotationEmojiPath names a reaction in a route.
	AnnotationEmojiPath struct {
		Emoji string `path:"emoji" maxLength:"64" doc:"One of 👍 ❤️ 🎉 😄 🤔 👀"`
	}
	changePath struct {
		AnnotationPath
		AnnotationOperation
	}
	replyPath struct {
		AnnotationReplyPath
		AnnotationOperation
	}
	libraryPath struct {
		LibraryID uuid.UUID `path:"library_id"`
	}
	listInput struct {
		DocumentID uuid.UUID `path:"document_id"`
		EditionID  uuid.UUID `query:"edition_id" doc:"The edition to give places in; left out, the newest"`
		IDs        []string  `query:"ids" maxItems:"1000" doc:"Only these, separated by commas; those that are not there are left out"`
		After      string    `query:"after" maxLength:"2000" doc:"next of the list before"`
		Limit      int       `query:"limit" minimum:"1" maximum:"2000" default:"1000"`
	}
	getInput struct {
		AnnotationPath
		EditionID uuid.UUID `query:"edition_id" doc:"The edition to give the place in; left out, the newest"`
	}

	itemOutput struct {
		Body AnnotationItem
	}
	listOutput     struct{ Body AnnotationList }
	historyOutput  struct{ Body AnnotationHistory }
	settingsOutput struct{ Body AnnotationSettings }
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	mountMarks(api, s)
	mountThreads(api, s)
	mountSettings(api, s)
}

func (o AnnotationOperation) operation() Operation {
	return Operation{ID: o.OperationID, EditionID: nullable(o.View)}
}

func operation(method, path, id, summary string, status int) httpapi.Operation {
	return httpapi.Operation{Method: method, Path: path, ID: id, Tag: "annotation", Summary: summary, Status: status}
}

// forGuests is operation for what is for guests too.
func forGuests(method, path, id, summary string, status int) httpapi.Operation {
	op := operation(method, path, id, summary, status)
	op.Access = httpapi.Guests
	return op
}

const (
	markPath     = "/api/annotations/{annotation_id}"
	oneReplyPath = "/api/replies/{reply_id}"
)

func mountMarks(api *httpapi.API, s *Service) {
	httpapi.Register(api, forGuests(http.MethodGet, "/api/documents/{document_id}/annotations", "list-annotations", "The marks on a document, in the order of its text", 0), s.handleList)
	httpapi.Register(api, forGuests(http.MethodPost, "/api/documents/{document_id}/annotations", "make-annotation", "Make a mark", http.StatusCreated),
		func(ctx context.Context, in *struct {
			DocumentID uuid.UUID `path:"document_id"`
			AnnotationOperation
			Body AnnotationRequest
		},
		) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				b := in.Body
				edition := uuid.Nil
				if b.EditionID != nil {
					edition = *b.EditionID
				}
				return s.Make(ctx, p, in.operation(), New{
					ID: b.ID, DocumentID: in.DocumentID, EditionID: edition, Kind: Kind(b.Kind), Meaning: Meaning(b.Meaning),
					Private: b.Private, Body: b.Body, TextVersion: b.TextVersion, Parts: partsOf(b.Parts),
				})
			})
		})
	httpapi.Register(api, operation(http.MethodGet, "/api/documents/{document_id}/deleted-annotations", "list-deleted-annotations", "The marks on a document that one deleted oneself and can take back", 0), s.handleDeleted)
	httpapi.Register(api, forGuests(http.MethodGet, markPath, "get-annotation", "One mark", 0),
		func(ctx context.Context, in *getInput) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.Get(ctx, p, in.AnnotationID, pointer(nullable(in.EditionID)))
			})
		})
	httpapi.Register(api, forGuests(http.MethodPatch, markPath, "change-annotation", "Change a mark of one's own", 0),
		func(ctx context.Context, in *struct {
			AnnotationPath
			AnnotationOperation
			Body AnnotationChange
		},
		) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				b := in.Body
				return s.Change(ctx, p, in.operation(), in.AnnotationID, Edit{
					Revision: b.Revision, Body: b.Body, Meaning: (*Meaning)(b.Meaning), Private: b.Private, Kind: (*Kind)(b.Kind),
					Parts: partsOf(b.Parts), EditionID: b.EditionID, TextVersion: b.TextVersion,
				})
			})
		})
	httpapi.Register(api, forGuests(http.MethodDelete, markPath, "delete-annotation", "Delete a mark; it can be taken back for 30 days", http.StatusNoContent),
		func(ctx context.Context, in *changePath) (*struct{}, error) {
			p, err := identity.CallerFromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.Delete(ctx, p, in.operation(), in.AnnotationID)
		})
	httpapi.Register(api, forGuests(http.MethodPost, markPath+"/restore", "restore-annotation", "Take back that one deleted a mark", 0),
		func(ctx context.Context, in *changePath) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.Restore(ctx, p, in.operation(), in.AnnotationID)
			})
		})
	httpapi.Register(api, operation(http.MethodPost, markPath+"/resolve", "resolve-annotation", "Say that a mark is dealt with", 0),
		func(ctx context.Context, in *changePath) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.Resolve(ctx, p, in.operation(), in.AnnotationID)
			})
		})
	httpapi.Register(api, operation(http.MethodPost, markPath+"/reopen", "reopen-annotation", "Say that a mark is not dealt with yet", 0),
		func(ctx context.Context, in *changePath) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.Reopen(ctx, p, in.operation(), in.AnnotationID)
			})
		})
	httpapi.Register(api, operation(http.MethodPut, markPath+"/assignee", "assign-annotation", "Ask somebody to look after a mark", 0),
		func(ctx context.Context, in *struct {
			AnnotationPath
			AnnotationOperation
			Body AnnotationAssignee
		},
		) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.Assign(ctx, p, in.operation(), in.AnnotationID, in.Body.PersonID)
			})
		})
	httpapi.Register(api, operation(http.MethodPost, markPath+"/position", "confirm-annotation-position", "Agree to a place that was guessed", 0),
		func(ctx context.Context, in *struct {
			AnnotationPath
			AnnotationOperation
			Body AnnotationPlace
		},
		) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.Confirm(ctx, p, in.operation(), in.AnnotationID, in.Body.EditionID)
			})
		})
	httpapi.Register(api, operation(http.MethodGet, markPath+"/history", "annotation-history", "What happened to a mark", 0), s.handleHistory)
}

func mountThreads(api *httpapi.API, s *Service) {
	httpapi.Register(api, forGuests(http.MethodPost, markPath+"/replies", "reply-to-annotation", "Answer a mark", http.StatusCreated),
		func(ctx context.Context, in *struct {
			AnnotationPath
			AnnotationOperation
			Body AnnotationReplyRequest
		},
		) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.Reply(ctx, p, in.operation(), in.AnnotationID, in.Body.ID, in.Body.Body)
			})
		})
	httpapi.Register(api, forGuests(http.MethodPatch, oneReplyPath, "change-reply", "Change a reply of one's own", 0),
		func(ctx context.Context, in *struct {
			AnnotationReplyPath
			AnnotationOperation
			Body AnnotationReplyChange
		},
		) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.ChangeReply(ctx, p, in.operation(), in.ReplyID, in.Body.Revision, in.Body.Body)
			})
		})
	httpapi.Register(api, forGuests(http.MethodDelete, oneReplyPath, "delete-reply", "Delete a reply; it can be taken back for 30 days", http.StatusNoContent),
		func(ctx context.Context, in *replyPath) (*struct{}, error) {
			p, err := identity.CallerFromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.DeleteReply(ctx, p, in.operation(), in.ReplyID)
		})
	httpapi.Register(api, forGuests(http.MethodPost, oneReplyPath+"/restore", "restore-reply", "Take back that one deleted a reply", 0),
		func(ctx context.Context, in *replyPath) (*itemOutput, error) {
			return answer(ctx, func(p identity.Person) (Annotation, error) {
				return s.RestoreReply(ctx, p, in.operation(), in.ReplyID)
			})
		})
	for _, on := range []struct {
		method, id, summary string
		set                 bool
	}{
		{http.MethodPut, "react", "React to a %", true},
		{http.MethodDelete, "unreact", "Take back a reaction to a %", false},
	} {
		httpapi.Register(api, operation(on.method, markPath+"/reactions/{emoji}", on.id+"-to-annotation", strings.Replace(on.summary, "%", "mark", 1), http.StatusOK),
			func(ctx context.Context, in *struct {
				AnnotationPath
				AnnotationEmojiPath
				AnnotationOperation
			},
			) (*itemOutput, error) {
				return answer(ctx, func(p identity.Person) (Annotation, error) {
					return s.React(ctx, p, in.operation(), in.AnnotationID, in.Emoji, on.set)
				})
			})
		httpapi.Register(api, operation(on.method, oneReplyPath+"/reactions/{emoji}", on.id+"-to-reply", strings.Replace(on.summary, "%", "reply", 1), http.StatusOK),
			func(ctx context.Context, in *struct {
				AnnotationReplyPath
				AnnotationEmojiPath
				AnnotationOperation
			},
			) (*itemOutput, error) {
				return answer(ctx, func(p identity.Person) (Annotation, error) {
					return s.ReactToReply(ctx, p, in.operation(), in.ReplyID, in.Emoji, on.set)
				})
			})
	}
}

func mountSettings(api *httpapi.API, s *Service) {
	httpapi.Register(api, operation(http.MethodGet, "/api/libraries/{library_id}/annotation-settings", "get-annotation-settings", "What a library decides about its marks", 0),
		func(ctx context.Context, in *libraryPath) (*settingsOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return settingsItem(s.Settings(ctx, p, in.LibraryID))
		})
	httpapi.Register(api, operation(http.MethodPut, "/api/libraries/{library_id}/annotation-settings", "set-annotation-settings", "Decide about a library's marks", 0),
		func(ctx context.Context, in *struct {
			LibraryID uuid.UUID `path:"library_id"`
			Body      AnnotationSettings
		},
		) (*settingsOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			settings := Settings{DefaultPrivate: in.Body.DefaultPrivate, Names: map[Meaning]string{}}
			for meaning, name := range in.Body.Meanings.all() {
				if name.Name != nil {
					settings.Names[meaning] = *name.Name
				}
			}
			return settingsItem(s.SetSettings(ctx, p, in.LibraryID, settings))
		})
}

func (m *AnnotationMeanings) all() map[Meaning]*AnnotationMeaning {
	return map[Meaning]*AnnotationMeaning{Key: &m.Key, Method: &m.Method, Question: &m.Question, Disagree: &m.Disagree, Quote: &m.Quote}
}

func settingsItem(settings Settings, err error) (*settingsOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &settingsOutput{AnnotationSettings{DefaultPrivate: settings.DefaultPrivate}}
	for meaning, item := range out.Body.Meanings.all() {
		if name, ok := settings.Names[meaning]; ok {
			item.Name = &name
		}
	}
	return out, nil
}

// answer gives the mark that a change left. A refusal that comes with the mark
// as it is now has it in the form that the API gives it everywhere.
func answer(ctx context.Context, use func(identity.Person) (Annotation, error)) (*itemOutput, error) {
	p, err := identity.CallerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	a, err := use(p)
	if err != nil {
		return nil, withCurrent(err)
	}
	return &itemOutput{itemOf(a)}, nil
}

func withCurrent(err error) error {
	if f, ok := fault.As(err); ok {
		if current, ok := f.Extra["current"].(Annotation); ok {
			return f.With("current", itemOf(current))
		}
	}
	return err
}

func (s *Service) handleList(ctx context.Context, in *listInput) (*listOutput, error) {
	p, err := identity.CallerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	filter := Filter{After: in.After, Limit: in.Limit}
	if in.IDs != nil {
		filter.IDs = make([]uuid.UUID, 0, len(in.IDs))
		for _, text := range in.IDs {
			// What is no id names nothing that is there.
			if id, err := uuid.Parse(text); err == nil {
				filter.IDs = append(filter.IDs, id)
			}
		}
	}
	list, err := s.List(ctx, p, in.DocumentID, pointer(nullable(in.EditionID)), filter)
	if err != nil {
		return nil, err
	}
	out := &listOutput{AnnotationList{Items: make([]AnnotationItem, len(list.Items))}}
	for i, a := range list.Items {
		out.Body.Items[i] = itemOf(a)
	}
	if list.Next != "" {
		out.Body.Next = &list.Next
	}
	return out, nil
}

func (s *Service) handleDeleted(ctx context.Context, in *struct {
	DocumentID uuid.UUID `path:"document_id"`
},
) (*listOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	marks, err := s.Deleted(ctx, p, in.DocumentID)
	if err != nil {
		return nil, err
	}
	out := &listOutput{AnnotationList{Items: make([]AnnotationItem, len(marks))}}
	for i, a := range marks {
		out.Body.Items[i] = itemOf(a)
	}
	return out, nil
}

func (s *Service) handleHistory(ctx context.Context, in *AnnotationPath) (*historyOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	changes, err := s.History(ctx, p, in.AnnotationID)
	if err != nil {
		return nil, err
	}
	out := &historyOutput{AnnotationHistory{make([]AnnotationHistoryItem, len(changes))}}
	for i, c := range changes {
		out.Body.Items[i] = AnnotationHistoryItem{
			At: c.At, By: personItem(c.By), What: string(c.What), ReplyID: pointer(c.ReplyID), Before: c.Before, After: c.After,
		}
	}
	return out, nil
}

func itemOf(a Annotation) AnnotationItem {
	item := AnnotationItem{
		ID: a.ID, LibraryID: a.LibraryID, DocumentID: a.DocumentID, EditionID: pointer(nullable(a.EditionID)), Kind: string(a.Kind), Meaning: string(a.Meaning),
		Private: a.Private, Author: personItem(a.Author), Body: a.Body, Revision: a.Revision, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
		EditedAt: a.EditedAt, ResolvedAt: a.ResolvedAt, DeletedAt: a.DeletedAt, Origin: string(a.Origin),
		Anchor: AnnotationAnchor{
			EditionID: a.Anchor.EditionID, Status: string(a.Anchor.Status), Score: a.Anchor.Score, Confirmed: a.Anchor.Confirmed,
			Exact: a.Anchor.Exact, Prefix: a.Anchor.Prefix, Suffix: a.Anchor.Suffix, Parts: make([]AnnotationPart, len(a.Anchor.Parts)),
		},
		Replies: make([]AnnotationReply, len(a.Replies)), Reactions: reactionItems(a.Reactions),
	}
	if a.ResolvedBy != nil {
		person := personItem(*a.ResolvedBy)
		item.ResolvedBy = &person
	}
	if a.Assignee != nil {
		person := personItem(*a.Assignee)
		item.Assignee = &person
	}
	for i, part := range a.Anchor.Parts {
		item.Anchor.Parts[i] = AnnotationPart(part)
		// Empty lists and not null, which a type without null promises.
		if part.Quads == nil {
			item.Anchor.Parts[i].Quads = [][8]float32{}
		}
		if part.Paths == nil {
			item.Anchor.Parts[i].Paths = [][]float32{}
		}
	}
	for i, r := range a.Replies {
		item.Replies[i] = AnnotationReply{
			ID: r.ID, Author: personItem(r.Author), Body: r.Body, Revision: r.Revision, CreatedAt: r.CreatedAt, EditedAt: r.EditedAt,
			DeletedAt: r.DeletedAt, Reactions: reactionItems(r.Reactions),
		}
	}
	return item
}

func reactionItems(reactions []Reaction) []AnnotationReaction {
	items := make([]AnnotationReaction, len(reactions))
	for i, r := range reactions {
		items[i] = AnnotationReaction{Emoji: r.Emoji, People: make([]AnnotationPerson, len(r.People))}
		for j, p := range r.People {
			items[i].People[j] = personItem(p)
		}
	}
	return items
}

func personItem(p Person) AnnotationPerson {
	return AnnotationPerson{ID: pointer(p.ID), Name: p.Name}
}

func pointer(id uuid.NullUUID) *uuid.UUID {
	if !id.Valid {
		return nil
	}
	return &id.UUID
}

func partsOf(requests []AnnotationPartRequest) []Place {
	if requests == nil {
		return nil
	}
	places := make([]Place, len(requests))
	for i, r := range requests {
		places[i] = Place(r)
	}
	return places
}
