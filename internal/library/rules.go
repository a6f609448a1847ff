package library

import "slices"

// Role is what a person is in one library.
type Role string

// The roles, from the most to the least.
const (
	Owner     Role = "owner"
	Admin     Role = "admin"
	Editor    Role = "editor"
	Commenter Role = "commenter"
	Reader    Role = "reader"
)

// Action is something that one may or may not do in a library.
type Action string

// The actions, in the words of the rules below.
const (
	ReadLibrary   Action = "read documents, search and download them"
	ReadDocument  Action = "read this document"
	ReadMarks     Action = "see what others marked and wrote here"
	SeeReaders    Action = "see who else is reading"
	AddDocument   Action = "add documents"
	EditDocument  Action = "edit, parse again, trash and restore documents"
	PurgeDocument Action = "delete documents for good"
	ShareSearch   Action = "share saved searches"
	ManageSearch  Action = "change and delete other people's shared searches"
	MarkInPrivate Action = "make private marks"
	MarkAndReply  Action = "make marks that others see, and answer them"
	DeleteMarks   Action = "delete other people's marks and replies"
	NameMeanings  Action = "name the meanings of marks"
	NameKeys      Action = "decide how citation keys are made"
	SeeMembers    Action = "see who is a member"
	LeaveLibrary  Action = "leave the library"
	InviteMember  Action = "invite people and withdraw invitations"
	ManageMember  Action = "change roles and remove people"
	RenameLibrary Action = "rename the library"
	ManageAdmin   Action = "make, demote and remove admins"
	ShareByLink   Action = "share documents and collections by links"
	ManageLinks   Action = "see and revoke other people's links"
	PublishBib    Action = "have an address for a live bibliography"
)

// rules say who may do what. Each line reads as a sentence: "An editor, an
// admin or the owner may add documents."
var rules = map[Action][]Role{
	ReadLibrary:   {Reader, Commenter, Editor, Admin, Owner},
	ReadDocument:  {Reader, Commenter, Editor, Admin, Owner},
	ReadMarks:     {Reader, Commenter, Editor, Admin, Owner},
	SeeReaders:    {Reader, Commenter, Editor, Admin, Owner},
	SeeMembers:    {Reader, Commenter, Editor, Admin, Owner},
	LeaveLibrary:  {Reader, Commenter, Editor, Admin},
	AddDocument:   {Editor, Admin, Owner},
	EditDocument:  {Editor, Admin, Owner},
	PurgeDocument: {Admin, Owner},
	ShareSearch:   {Editor, Admin, Owner},
	ManageSearch:  {Admin, Owner},
	MarkInPrivate: {Reader, Commenter, Editor, Admin, Owner},
	MarkAndReply:  {Commenter, Editor, Admin, Owner},
	DeleteMarks:   {Admin, Owner},
	NameMeanings:  {Admin, Owner},
	NameKeys:      {Admin, Owner},
	InviteMember:  {Admin, Owner},
	ManageMember:  {Admin, Owner},
	RenameLibrary: {Admin, Owner},
	ManageAdmin:   {Owner},
	ShareByLink:   {Editor, Admin, Owner},
	ManageLinks:   {Admin, Owner},
	PublishBib:    {Reader, Commenter, Editor, Admin, Owner},
}

// LinkAccess is what a link lets whoever has it do with the documents it shows.
type LinkAccess string

// What links are for, from the least to the most.
const (
	LinkReads      LinkAccess = "read"
	LinkReadsMarks LinkAccess = "read-marks"
	LinkComments   LinkAccess = "comment"
)

// linkRules say what who came by a link may do, with the documents that the link
// shows and as long as its maker may share by links. What is not here, no guest
// may: "By a link to comment one may make marks that others see."
var linkRules = map[Action][]LinkAccess{
	ReadDocument: {LinkReads, LinkReadsMarks, LinkComments},
	ReadMarks:    {LinkReadsMarks, LinkComments},
	SeeReaders:   {LinkComments},
	MarkAndReply: {LinkComments},
}

// named are the actions for which a guest must have said a name.
var named = []Action{SeeReaders, MarkAndReply}

// Valid reports whether a is one of those that there are.
func (a LinkAccess) Valid() bool { return slices.Contains(linkRules[ReadDocument], a) }

// May reports whether a link of this kind lets one do that.
func (a LinkAccess) May(action Action) bool { return slices.Contains(linkRules[action], a) }

// Role is the role of a member who may do about as much.
func (a LinkAccess) Role() Role {
	if a == LinkComments {
		return Commenter
	}
	return Reader
}

// May reports whether a member of this role may do that.
func (r Role) May(a Action) bool {
	return slices.Contains(rules[a], r)
}

// rank orders the roles; a higher one includes every lower one.
var rank = map[Role]int{Reader: 1, Commenter: 2, Editor: 3, Admin: 4, Owner: 5}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return rank[r] > 0 }

// mayGive says which roles a member of role r may give to others: an admin up
// to editor, the owner up to admin. Nobody becomes owner by being invited.
func (r Role) mayGive(given Role) bool {
	if !given.Valid() || given == Owner {
		return false
	}
	if given == Admin {
		return r.May(ManageAdmin)
	}
	return r.May(ManageMember)
}
