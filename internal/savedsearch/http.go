package savedsearch

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// SavedSearchItem is a query that is kept under a name, as I see it.
type SavedSearchItem struct {
	ID        uuid.UUID           `json:"id"`
	LibraryID uuid.UUID           `json:"library_id"`
	Name      string              `json:"name" doc:"Unique among the shared ones, and among my own, whatever the case"`
	Query     string              `json:"query" doc:"As it is searched for"`
	Shared    bool                `json:"shared" doc:"With all members of the library; else it is mine alone"`
	Mine      bool                `json:"mine" doc:"Whether I made it"`
	Owner     string              `json:"owner" doc:"Who made it; empty when the account is gone"`
	MayChange bool                `json:"may_change" doc:"Whether I may rename, edit, share and delete it"`
	Notices   bool                `json:"notices" doc:"Whether I am told of what newly matches"`
	Problem   *SavedSearchProblem `json:"problem" doc:"Why the query cannot be answered any more; null where it can"`
}

// SavedSearchProblem is what a search says of a query that it cannot answer.
type SavedSearchProblem struct {
	Code   string `json:"code"`
	Detail string `json:"detail" doc:"A sentence for people"`
	At     *int   `json:"at" doc:"Where in the query it stands, in code points; null where that is not known"`
}

// SavedSearchList is the saved searches of a library that I may see.
type SavedSearchList struct {
	Items []SavedSearchItem `json:"items" nullable:"false" doc:"By name"`
}

// NewSavedSearch is a query to be kept.
type NewSavedSearch struct {
	Name   string `json:"name" doc:"1 to 120 characters in one line"`
	Query  string `json:"query" maxLength:"5000" doc:"One that can be answered"`
	Shared bool   `json:"shared,omitempty" doc:"For all members of the library"`
}

// SavedSearchPatch says what is to be different.
type SavedSearchPatch struct {
	Name   *string `json:"name,omitempty"`
	Query  *string `json:"query,omitempty" maxLength:"5000"`
	Shared *bool   `json:"shared,omitempty"`
}

// SavedSearchNotices says whether I am told of what newly matches.
type SavedSearchNotices struct {
	On bool `json:"on"`
}

// SavedSearchCount is how many documents a saved search finds.
type SavedSearchCount struct {
	Documents int  `json:"documents" doc:"Those with a mark that fits counted in; at most 1,000 are counted"`
	More      bool `json:"more" doc:"Whether there are more than were counted"`
}

type (
	// LibraryPath is exported because huma fills only exported embedded fields.
	LibraryPath struct {
		LibraryID uuid.UUID `path:"library_id"`
	}
	// SavedSearchPath is exported for the same reason.
	SavedSearchPath struct {
		SavedSearchID uuid.UUID `path:"saved_search_id"`
	}
	newInput struct {
		LibraryPath
		Body NewSavedSearch
	}
	patchInput struct {
		SavedSearchPath
		Body SavedSearchPatch
	}
	noticesInput struct {
		SavedSearchPath
		Body SavedSearchNotices
	}
	savedOutput struct{ Body SavedSearchItem }
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/saved-searches", ID: "list-saved-searches", Tag: "savedsearch",
		Summary: "A library's saved searches: mine, and those that are shared",
	}, func(ctx context.Context, in *LibraryPath) (*struct{ Body SavedSearchList }, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		list, err := s.List(ctx, p, in.LibraryID)
		if err != nil {
			return nil, err
		}
		body := SavedSearchList{Items: make([]SavedSearchItem, len(list))}
		for i, one := range list {
			body.Items[i] = itemOf(one)
		}
		return &struct{ Body SavedSearchList }{body}, nil
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/saved-searches", ID: "save-search", Tag: "savedsearch",
		Summary: "Keep a query under a name", Status: http.StatusCreated,
	}, func(ctx context.Context, in *newInput) (*savedOutput, error) {
		return answer(ctx, func(p identity.Person) (Saved, error) {
			return s.Make(ctx, p, in.LibraryID, in.Body.Name, in.Body.Query, in.Body.Shared)
		})
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPatch, Path: "/api/saved-searches/{saved_search_id}", ID: "change-saved-search", Tag: "savedsearch",
		Summary: "Rename a saved search, give it another query, share it or take it back",
	}, func(ctx context.Context, in *patchInput) (*savedOutput, error) {
		return answer(ctx, func(p identity.Person) (Saved, error) { return s.Change(ctx, p, in.SavedSearchID, Change(in.Body)) })
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/saved-searches/{saved_search_id}", ID: "delete-saved-search", Tag: "savedsearch",
		Summary: "Delete a saved search", Status: http.StatusNoContent,
	}, func(ctx context.Context, in *SavedSearchPath) (*struct{}, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		return nil, s.Delete(ctx, p, in.SavedSearchID)
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/saved-searches/{saved_search_id}/restore", ID: "restore-saved-search", Tag: "savedsearch",
		Summary: "Bring a deleted saved search back",
	}, func(ctx context.Context, in *SavedSearchPath) (*savedOutput, error) {
		return answer(ctx, func(p identity.Person) (Saved, error) { return s.Restore(ctx, p, in.SavedSearchID) })
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPut, Path: "/api/saved-searches/{saved_search_id}/notices", ID: "set-saved-search-notices", Tag: "savedsearch",
		Summary: "Be told of what newly matches, or not any more",
	}, func(ctx context.Context, in *noticesInput) (*savedOutput, error) {
		return answer(ctx, func(p identity.Person) (Saved, error) { return s.SetNotices(ctx, p, in.SavedSearchID, in.Body.On) })
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/saved-searches/{saved_search_id}/count", ID: "count-saved-search", Tag: "savedsearch",
		Summary: "How many documents a saved search finds",
	}, func(ctx context.Context, in *SavedSearchPath) (*struct{ Body SavedSearchCount }, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		n, err := s.Count(ctx, p, in.SavedSearchID)
		if err != nil {
			return nil, err
		}
		return &struct{ Body SavedSearchCount }{SavedSearchCount(n)}, nil
	})
}

func answer(ctx context.Context, use func(identity.Person) (Saved, error)) (*savedOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	saved, err := use(p)
	if err != nil {
		return nil, err
	}
	return &savedOutput{itemOf(saved)}, nil
}

func itemOf(s Saved) SavedSearchItem {
	item := SavedSearchItem{
		ID: s.ID, LibraryID: s.LibraryID, Name: s.Name, Query: s.Query, Shared: s.Shared, Mine: s.Mine, Owner: s.Owner,
		MayChange: s.MayChange, Notices: s.Notices,
	}
	if s.Problem != nil {
		item.Problem = &SavedSearchProblem{Code: s.Problem.Code, Detail: s.Problem.Message}
		if at, ok := s.Problem.Extra["at"].(int); ok {
			item.Problem.At = &at
		}
	}
	return item
}
