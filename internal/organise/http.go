package organise

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// TagItem is a word that people put on documents.
type TagItem struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name" doc:"Unique in its library, whatever the case"`
	Color     string    `json:"color" enum:"grey,red,orange,yellow,green,teal,blue,purple,pink"`
	Documents int64     `json:"documents" doc:"How many have it, those in the trash left out"`
}

// TagList is all tags of a library.
type TagList struct {
	Items []TagItem `json:"items" doc:"By name"`
}

// NewTag is a tag to be made.
type NewTag struct {
	Name  string `json:"name" doc:"1 to 60 characters in one line; a # before it is left out"`
	Color string `json:"color,omitempty" enum:"grey,red,orange,yellow,green,teal,blue,purple,pink" default:"grey"`
}

// TagPatch says what is to be different of a tag.
type TagPatch struct {
	Name  *string `json:"name,omitempty"`
	Color *string `json:"color,omitempty" enum:"grey,red,orange,yellow,green,teal,blue,purple,pink"`
}

// TaggedDocuments names documents of one library, at most 500 in all.
type TaggedDocuments struct {
	Add    []uuid.UUID `json:"add,omitempty" nullable:"false" maxItems:"500" doc:"Documents that get it"`
	Remove []uuid.UUID `json:"remove,omitempty" nullable:"false" maxItems:"500" doc:"Documents that lose it"`
}

// TaggedChange is what a call changed.
type TaggedChange struct {
	Added   []uuid.UUID `json:"added" nullable:"false" doc:"Documents that did not have it before"`
	Removed []uuid.UUID `json:"removed" nullable:"false" doc:"Documents that had it before"`
}

type (
	// LibraryPath is exported because huma fills only exported embedded fields.
	LibraryPath struct {
		LibraryID uuid.UUID `path:"library_id"`
	}
	// TagPath is exported for the same reason.
	TagPath struct {
		TagID uuid.UUID `path:"tag_id"`
	}
	newTagInput struct {
		LibraryPath
		Body NewTag
	}
	tagPatchInput struct {
		TagPath
		Body TagPatch
	}
	documentsInput struct {
		TagPath
		Body TaggedDocuments
	}
	tagOutput struct{ Body TagItem }
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/tags", ID: "list-tags", Tag: "organise",
		Summary: "A library's tags",
	}, func(ctx context.Context, in *LibraryPath) (*struct{ Body TagList }, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		tags, err := s.Tags(ctx, p, in.LibraryID)
		if err != nil {
			return nil, err
		}
		body := TagList{Items: make([]TagItem, len(tags))}
		for i, t := range tags {
			body.Items[i] = tagItem(t)
		}
		return &struct{ Body TagList }{body}, nil
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/tags", ID: "make-tag", Tag: "organise",
		Summary: "Make a tag", Status: http.StatusCreated,
	}, func(ctx context.Context, in *newTagInput) (*tagOutput, error) {
		return tagAnswer(ctx, func(p identity.Person) (Tag, error) {
			return s.MakeTag(ctx, p, in.LibraryID, in.Body.Name, Color(in.Body.Color))
		})
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPatch, Path: "/api/tags/{tag_id}", ID: "change-tag", Tag: "organise",
		Summary: "Give a tag another name or colour",
	}, func(ctx context.Context, in *tagPatchInput) (*tagOutput, error) {
		return tagAnswer(ctx, func(p identity.Person) (Tag, error) {
			return s.ChangeTag(ctx, p, in.TagID, TagChange{Name: in.Body.Name, Color: (*Color)(in.Body.Color)})
		})
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/tags/{tag_id}", ID: "delete-tag", Tag: "organise",
		Summary: "Take a tag off all documents and out of the library", Status: http.StatusNoContent,
	}, func(ctx context.Context, in *TagPath) (*struct{}, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		return nil, s.DeleteTag(ctx, p, in.TagID)
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/tags/{tag_id}/restore", ID: "restore-tag", Tag: "organise",
		Summary: "Bring a deleted tag back, on the documents that it was on",
	}, func(ctx context.Context, in *TagPath) (*tagOutput, error) {
		return tagAnswer(ctx, func(p identity.Person) (Tag, error) { return s.RestoreTag(ctx, p, in.TagID) })
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/tags/{tag_id}/documents", ID: "tag-documents", Tag: "organise",
		Summary: "Put a tag on documents, and take it off others",
	}, func(ctx context.Context, in *documentsInput) (*struct{ Body TaggedChange }, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		done, err := s.TagDocuments(ctx, p, in.TagID, Change(in.Body))
		if err != nil {
			return nil, err
		}
		return &struct{ Body TaggedChange }{TaggedChange{Added: done.Add, Removed: done.Remove}}, nil
	})
}

func tagAnswer(ctx context.Context, use func(identity.Person) (Tag, error)) (*tagOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	t, err := use(p)
	if err != nil {
		return nil, err
	}
	return &tagOutput{tagItem(t)}, nil
}

func tagItem(t Tag) TagItem {
	return TagItem{ID: t.ID, Name: t.Name, Color: string(t.Color), Documents: t.Documents}
}
