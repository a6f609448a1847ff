package library

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// LibraryItem is a library as one of its members sees it.
type LibraryItem struct {
	ID            uuid.UUID `json:"id"`
	Name          string    `json:"name"`
	Kind          string    `json:"kind" enum:"personal,shared"`
	Role          string    `json:"role" enum:"owner,admin,editor,commenter,reader" doc:"What I am here"`
	Version       int64     `json:"version" doc:"Newest version in the change log"`
	MemberCount   int64     `json:"member_count"`
	DocumentCount int64     `json:"document_count" doc:"Without the trash"`
	StorageBytes  int64     `json:"storage_bytes"`
	CreatedAt     time.Time `json:"created_at"`
}

// LibraryList is the libraries I am in.
type LibraryList struct {
	Items []LibraryItem `json:"items"`
}

// LibraryNameRequest names a library.
type LibraryNameRequest struct {
	Name string `json:"name" maxLength:"500"`
}

// MemberItem is a person in a library.
type MemberItem struct {
	PersonID uuid.UUID `json:"person_id"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Role     string    `json:"role" enum:"owner,admin,editor,commenter,reader"`
	JoinedAt time.Time `json:"joined_at"`
}

// MemberList is who is in a library.
type MemberList struct {
	Items []MemberItem `json:"items"`
}

// MemberRoleRequest gives a member another role.
type MemberRoleRequest struct {
	Role string `json:"role" enum:"admin,editor,commenter,reader"`
}

// InvitationItem is an invitation that can still be accepted.
type InvitationItem struct {
	ID        uuid.UUID `json:"id"`
	Role      string    `json:"role" enum:"admin,editor,commenter,reader"`
	Email     *string   `json:"email" doc:"A note of whom it is for"`
	InvitedBy string    `json:"invited_by" doc:"Name of who invites"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// InvitationList is a library's open invitations.
type InvitationList struct {
	Items []InvitationItem `json:"items"`
}

// InvitationRequest invites somebody by link.
type InvitationRequest struct {
	Role  string  `json:"role" enum:"admin,editor,commenter,reader"`
	Email *string `json:"email,omitempty" maxLength:"254"`
}

// NewInvitation is an invitation with its secret, which is shown this once.
type NewInvitation struct {
	InvitationItem
	Secret string `json:"secret" doc:"The link is <this server>/join#<secret>"`
}

// InvitationSecret names an invitation by its secret.
type InvitationSecret struct {
	Secret string `json:"secret" maxLength:"200"`
}

// InvitationOffer is what an invitation link offers.
type InvitationOffer struct {
	LibraryID      uuid.UUID `json:"library_id"`
	LibraryName    string    `json:"library_name"`
	InviterName    string    `json:"inviter_name"`
	Role           string    `json:"role" enum:"admin,editor,commenter,reader"`
	Email          *string   `json:"email"`
	ExpiresAt      time.Time `json:"expires_at"`
	SignedInMember bool      `json:"signed_in_member" doc:"I am signed in and a member already"`
}

// InvitationAcceptance accepts an invitation, with a new account for who is signed out.
type InvitationAcceptance struct {
	Secret   string `json:"secret" maxLength:"200"`
	Name     string `json:"name,omitempty" maxLength:"500"`
	Email    string `json:"email,omitempty" maxLength:"500"`
	Password string `json:"password,omitempty" maxLength:"2000"`
}

// InvitationAccepted names the library one is now a member of.
type InvitationAccepted struct {
	LibraryID uuid.UUID `json:"library_id"`
}

// ChangeItem is one row of a library's change log.
type ChangeItem struct {
	Version  int64      `json:"version"`
	Kind     string     `json:"kind" enum:"document,member,invitation,library,upload,annotation,tag,collection,saved_search,link"`
	ObjectID uuid.UUID  `json:"object_id"`
	Op       string     `json:"op" enum:"added,changed,state,trashed,restored,removed,duplicate,organised,joined"`
	ActorID  *uuid.UUID `json:"actor_id" doc:"Who did it; null for the system"`
	At       time.Time  `json:"at"`
}

// ChangeList is a stretch of a library's change log, oldest first.
type ChangeList struct {
	Items   []ChangeItem `json:"items"`
	Version int64        `json:"version" doc:"Ask for what comes after this version next"`
	Latest  int64        `json:"latest" doc:"The library's newest version; ask again while version is below it"`
}

// LibraryPath names a library in a route. It is exported because huma fills
// only exported embedded fields.
type LibraryPath struct {
	LibraryID uuid.UUID `path:"library_id"`
}

type libraryOutput struct{ Body LibraryItem }

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	mountLibraries(api, s)
	mountMembers(api, s)
	mountInvitations(api, s)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/changes", ID: "list-changes", Tag: "library",
		Summary: "What happened in a library after a version",
	},
		func(ctx context.Context, in *struct {
			LibraryPath
			Since int64 `query:"since" minimum:"0"`
			Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"500"`
		},
		) (*struct{ Body ChangeList }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			log, err := s.Changes(ctx, p, in.LibraryID, in.Since, in.Limit)
			if err != nil {
				return nil, err
			}
			body := ChangeList{Items: make([]ChangeItem, len(log.Items)), Version: log.Version, Latest: log.Latest}
			for i, c := range log.Items {
				body.Items[i] = ChangeItem{Version: c.Version, Kind: c.Kind, ObjectID: c.ObjectID, Op: c.Op, At: c.At}
				if c.Actor.Valid {
					body.Items[i].ActorID = &c.Actor.UUID
				}
			}
			return &struct{ Body ChangeList }{body}, nil
		})
}

func mountLibraries(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/libraries", ID: "list-libraries", Tag: "library", Summary: "The libraries I am in"},
		func(ctx context.Context, _ *struct{}) (*struct{ Body LibraryList }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			libs, err := s.List(ctx, p)
			if err != nil {
				return nil, err
			}
			items := make([]LibraryItem, len(libs))
			for i, l := range libs {
				items[i] = libraryItem(l)
			}
			return &struct{ Body LibraryList }{LibraryList{items}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries", ID: "create-library", Tag: "library",
		Summary: "Create a shared library", Status: http.StatusCreated,
	},
		func(ctx context.Context, in *struct{ Body LibraryNameRequest }) (*libraryOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return outputOf(s.Create(ctx, p, in.Body.Name))
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/libraries/{library_id}", ID: "get-library", Tag: "library", Summary: "One library"},
		func(ctx context.Context, in *LibraryPath) (*libraryOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return outputOf(s.Get(ctx, p, in.LibraryID))
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodPatch, Path: "/api/libraries/{library_id}", ID: "rename-library", Tag: "library", Summary: "Rename a library"},
		func(ctx context.Context, in *struct {
			LibraryPath
			Body LibraryNameRequest
		},
		) (*libraryOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return outputOf(s.Rename(ctx, p, in.LibraryID, in.Body.Name))
		})
}

func mountMembers(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/libraries/{library_id}/members", ID: "list-members", Tag: "library", Summary: "Who is in a library"},
		func(ctx context.Context, in *LibraryPath) (*struct{ Body MemberList }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			members, err := s.Members(ctx, p, in.LibraryID)
			if err != nil {
				return nil, err
			}
			items := make([]MemberItem, len(members))
			for i, m := range members {
				items[i] = MemberItem{PersonID: m.PersonID, Name: m.Name, Email: m.Email, Role: string(m.Role), JoinedAt: m.JoinedAt}
			}
			return &struct{ Body MemberList }{MemberList{items}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPatch, Path: "/api/libraries/{library_id}/members/{person_id}", ID: "set-member-role", Tag: "library",
		Summary: "Give a member another role", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *struct {
			LibraryPath
			PersonID uuid.UUID `path:"person_id"`
			Body     MemberRoleRequest
		},
		) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.SetRole(ctx, p, in.LibraryID, in.PersonID, Role(in.Body.Role))
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/libraries/{library_id}/members/{person_id}", ID: "remove-member", Tag: "library",
		Summary: "Remove a member, or leave", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *struct {
			LibraryPath
			PersonID uuid.UUID `path:"person_id"`
		},
		) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.RemoveMember(ctx, p, in.LibraryID, in.PersonID)
		})
}

func mountInvitations(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/libraries/{library_id}/invitations", ID: "list-invitations", Tag: "library", Summary: "Open invitations"},
		func(ctx context.Context, in *LibraryPath) (*struct{ Body InvitationList }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			list, err := s.Invitations(ctx, p, in.LibraryID)
			if err != nil {
				return nil, err
			}
			items := make([]InvitationItem, len(list))
			for i, inv := range list {
				items[i] = invitationItem(inv)
			}
			return &struct{ Body InvitationList }{InvitationList{items}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/invitations", ID: "invite", Tag: "library",
		Summary: "Invite somebody by link", Status: http.StatusCreated,
	},
		func(ctx context.Context, in *struct {
			LibraryPath
			Body InvitationRequest
		},
		) (*struct{ Body NewInvitation }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			inv, secret, err := s.Invite(ctx, p, in.LibraryID, Role(in.Body.Role), in.Body.Email)
			if err != nil {
				return nil, err
			}
			return &struct{ Body NewInvitation }{NewInvitation{invitationItem(inv), secret}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/libraries/{library_id}/invitations/{invitation_id}", ID: "withdraw-invitation", Tag: "library",
		Summary: "Withdraw an invitation", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *struct {
			LibraryPath
			InvitationID uuid.UUID `path:"invitation_id"`
		},
		) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.Withdraw(ctx, p, in.LibraryID, in.InvitationID)
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/invitations/preview", ID: "preview-invitation", Tag: "library",
		Summary: "What an invitation link offers", Access: httpapi.Public,
	},
		func(ctx context.Context, in *struct{ Body InvitationSecret }) (*struct{ Body InvitationOffer }, error) {
			var viewer *identity.Person
			if p, err := identity.FromContext(ctx); err == nil {
				viewer = &p
			}
			o, err := s.Preview(ctx, viewer, in.Body.Secret, httpapi.ClientAddress(ctx))
			if err != nil {
				return nil, err
			}
			return &struct{ Body InvitationOffer }{InvitationOffer{
				LibraryID: o.LibraryID, LibraryName: o.LibraryName, InviterName: o.InviterName, Role: string(o.Role),
				Email: o.Email, ExpiresAt: o.ExpiresAt, SignedInMember: o.IsMember,
			}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/invitations/accept", ID: "accept-invitation", Tag: "library",
		Summary: "Accept an invitation, with a new account for who is signed out", Access: httpapi.Public,
	},
		func(ctx context.Context, in *struct {
			identity.Client
			Body InvitationAcceptance
		},
		) (*acceptOutput, error) {
			if p, err := identity.FromContext(ctx); err == nil {
				id, err := s.Accept(ctx, p, in.Body.Secret)
				if err != nil {
					return nil, err
				}
				return &acceptOutput{Body: InvitationAccepted{id}}, nil
			}
			n := identity.NewPerson{Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password}
			p, id, err := s.AcceptAsNew(ctx, n, in.Body.Secret, httpapi.ClientAddress(ctx))
			if err != nil {
				return nil, err
			}
			cookie, err := s.people.Cookie(ctx, p, in.Client)
			if err != nil {
				return nil, err
			}
			return &acceptOutput{SetCookie: []http.Cookie{cookie}, Body: InvitationAccepted{id}}, nil
		})
}

type acceptOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      InvitationAccepted
}

func outputOf(l Library, err error) (*libraryOutput, error) {
	if err != nil {
		return nil, err
	}
	return &libraryOutput{libraryItem(l)}, nil
}

func libraryItem(l Library) LibraryItem {
	return LibraryItem{
		ID: l.ID, Name: l.Name, Kind: l.Kind, Role: string(l.Role), Version: l.Version, MemberCount: l.Members,
		DocumentCount: l.Documents, StorageBytes: l.Storage, CreatedAt: l.CreatedAt,
	}
}

func invitationItem(i Invitation) InvitationItem {
	return InvitationItem{ID: i.ID, Role: string(i.Role), Email: i.Email, InvitedBy: i.InvitedBy, CreatedAt: i.CreatedAt, ExpiresAt: i.ExpiresAt}
}
