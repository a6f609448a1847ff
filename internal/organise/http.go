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

// OrganisedDocuments names documents of one library, at most 500 in all.
type OrganisedDocuments struct {
	Add    []uuid.UUID `json:"add,omitempty" nullable:"false" maxItems:"500" doc:"Documents that get it"`
	Remove []uuid.UUID `json:"remove,omitempty" nullable:"false" maxItems:"500" doc:"Documents that lose it"`
}

// OrganisedChange is what a call changed.
type OrganisedChange struct {
	Added   []uuid.UUID `json:"added" nullable:"false" doc:"Documents that did not have it before"`
	Removed []uuid.UUID `json:"removed" nullable:"false" doc:"Documents that had it before"`
}

// DocumentPaths says in which folders documents were.
type DocumentPaths struct {
	Items []DocumentPath `json:"items" minItems:"1" maxItems:"500"`
}

// DocumentPath is a document with the folder that it was in.
type DocumentPath struct {
	DocumentID uuid.UUID `json:"document_id"`
	Path       string    `json:"path" minLength:"1" maxLength:"2000" doc:"Names of collections with \"/\" between them, the topmost first"`
}

// GatheredDocuments are those that were put into a collection where they were not.
type GatheredDocuments struct {
	Changed []uuid.UUID `json:"changed" nullable:"false"`
}

type (
	gatherInput struct {
		LibraryPath

		Body DocumentPaths
	}
	gatherOutput struct{ Body GatheredDocuments }
)

// CollectionItem is a folder of documents.
type CollectionItem struct {
	ID        uuid.UUID  `json:"id"`
	ParentID  *uuid.UUID `json:"parent_id" doc:"The collection that it is in; null at the top"`
	Name      string     `json:"name" doc:"Unique in its place, whatever the case"`
	Documents int64      `json:"documents" doc:"How many are in it or in one under it, those in the trash left out"`
}

// CollectionList is all collections of a library.
type CollectionList struct {
	Items []CollectionItem `json:"items" doc:"Those in one place in their order"`
}

// NewCollection is a collection to be made.
type NewCollection struct {
	Name     string     `json:"name" doc:"1 to 120 characters in one line"`
	ParentID *uuid.UUID `json:"parent_id,omitempty" doc:"The collection to put it into; left out for the top"`
}

// CollectionPatch says what is to be different of a collection.
type CollectionPatch struct {
	Name string `json:"name"`
}

// CollectionPlace is where a collection is put.
type CollectionPlace struct {
	ParentID *uuid.UUID `json:"parent_id,omitempty" doc:"Left out for the top"`
	Before   *uuid.UUID `json:"before,omitempty" doc:"The collection there that is to come next; left out for the end"`
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
		Body OrganisedDocuments
	}
	tagOutput struct{ Body TagItem }

	// CollectionPath is exported for the same reason.
	CollectionPath struct {
		CollectionID uuid.UUID `path:"collection_id"`
	}
	newCollectionInput struct {
		LibraryPath
		Body NewCollection
	}
	collectionPatchInput struct {
		CollectionPath
		Body CollectionPatch
	}
	collectionPlaceInput struct {
		CollectionPath
		Body CollectionPlace
	}
	collectInput struct {
		CollectionPath
		Body OrganisedDocuments
	}
	collectionOutput struct{ Body CollectionItem }
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	mountTags(api, s)
	mountCollections(api, s)
}

func mountTags(api *httpapi.API, s *Service) {
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
	}, func(ctx context.Context, in *documentsInput) (*struct{ Body OrganisedChange }, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		done, err := s.TagDocuments(ctx, p, in.TagID, Change(in.Body))
		if err != nil {
			return nil, err
		}
		return &struct{ Body OrganisedChange }{OrganisedChange{Added: done.Add, Removed: done.Remove}}, nil
	})
}

func mountCollections(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/collections", ID: "list-collections", Tag: "organise",
		Summary: "A library's collections",
	}, func(ctx context.Context, in *LibraryPath) (*struct{ Body CollectionList }, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		list, err := s.Collections(ctx, p, in.LibraryID)
		if err != nil {
			return nil, err
		}
		body := CollectionList{Items: make([]CollectionItem, len(list))}
		for i, c := range list {
			body.Items[i] = collectionItem(c)
		}
		return &struct{ Body CollectionList }{body}, nil
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/collections", ID: "make-collection", Tag: "organise",
		Summary: "Make a collection", Status: http.StatusCreated,
	}, func(ctx context.Context, in *newCollectionInput) (*collectionOutput, error) {
		return collectionAnswer(ctx, func(p identity.Person) (Collection, error) {
			return s.MakeCollection(ctx, p, in.LibraryID, in.Body.Name, nullable(in.Body.ParentID))
		})
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPatch, Path: "/api/collections/{collection_id}", ID: "rename-collection", Tag: "organise",
		Summary: "Give a collection another name",
	}, func(ctx context.Context, in *collectionPatchInput) (*collectionOutput, error) {
		return collectionAnswer(ctx, func(p identity.Person) (Collection, error) {
			return s.RenameCollection(ctx, p, in.CollectionID, in.Body.Name)
		})
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/collections/{collection_id}/move", ID: "move-collection", Tag: "organise",
		Summary: "Put a collection somewhere else, with all that is under it",
	}, func(ctx context.Context, in *collectionPlaceInput) (*collectionOutput, error) {
		return collectionAnswer(ctx, func(p identity.Person) (Collection, error) {
			return s.MoveCollection(ctx, p, in.CollectionID, Place{ParentID: nullable(in.Body.ParentID), Before: nullable(in.Body.Before)})
		})
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/collections/{collection_id}", ID: "delete-collection", Tag: "organise",
		Summary: "Delete a collection and those under it; their documents stay", Status: http.StatusNoContent,
	}, func(ctx context.Context, in *CollectionPath) (*struct{}, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		return nil, s.DeleteCollection(ctx, p, in.CollectionID)
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/collections/{collection_id}/restore", ID: "restore-collection", Tag: "organise",
		Summary: "Bring a deleted collection back, with those under it and their documents",
	}, func(ctx context.Context, in *CollectionPath) (*collectionOutput, error) {
		return collectionAnswer(ctx, func(p identity.Person) (Collection, error) { return s.RestoreCollection(ctx, p, in.CollectionID) })
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/gather", ID: "gather-documents", Tag: "organise",
		Summary: "Put documents into collections by their paths, and make those that are missing", Status: http.StatusOK,
	}, func(ctx context.Context, in *gatherInput) (*gatherOutput, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		works := make([]Gathered, len(in.Body.Items))
		for i, item := range in.Body.Items {
			works[i] = Gathered{DocumentID: item.DocumentID, Collections: []string{item.Path}}
		}
		changed, err := s.GatherInto(ctx, p, in.LibraryID, works)
		if err != nil {
			return nil, err
		}
		return &gatherOutput{GatheredDocuments{Changed: changed}}, nil
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/collections/{collection_id}/documents", ID: "collect-documents", Tag: "organise",
		Summary: "Put documents into a collection, and take others out",
	}, func(ctx context.Context, in *collectInput) (*struct{ Body OrganisedChange }, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		done, err := s.CollectDocuments(ctx, p, in.CollectionID, Change(in.Body))
		if err != nil {
			return nil, err
		}
		return &struct{ Body OrganisedChange }{OrganisedChange{Added: done.Add, Removed: done.Remove}}, nil
	})
}

func collectionAnswer(ctx context.Context, use func(identity.Person) (Collection, error)) (*collectionOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	c, err := use(p)
	if err != nil {
		return nil, err
	}
	return &collectionOutput{collectionItem(c)}, nil
}

func collectionItem(c Collection) CollectionItem {
	item := CollectionItem{ID: c.ID, Name: c.Name, Documents: c.Documents}
	if c.ParentID.Valid {
		item.ParentID = &c.ParentID.UUID
	}
	return item
}

func nullable(id *uuid.UUID) uuid.NullUUID {
	if id == nil {
		return uuid.NullUUID{}
	}
	return uuid.NullUUID{UUID: *id, Valid: true}
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
