package annotation

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// cleanBody gives a text as it is stored, which is as it was typed but for
// control characters, or says what is wrong with it.
func cleanBody(text string) (string, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", errBadText
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > maxBody {
		return "", errTooLong
	}
	return text, nil
}

// cutBody makes what a file says fit to be stored, whatever it is.
func cutBody(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\ufffd")
	if utf8.RuneCountInString(text) > maxBody {
		text = string([]rune(text)[:maxBody])
	}
	clean, err := cleanBody(text)
	if err != nil {
		return ""
	}
	return clean
}

// cutName makes a name that a file gives fit to be shown, as long as an
// account's may be.
func cutName(name string) string { return oneLine(name, 120) }

// originKey makes what a file calls a mark fit to be stored.
func originKey(key string) string { return oneLine(key, 500) }

func oneLine(text string, most int) string {
	text = strings.Join(strings.Fields(cutBody(text)), " ")
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most])
	}
	return text
}

// mention is how a person is named in Markdown: @[Ada Lovelace](person:<id>).
var mention = regexp.MustCompile(`@\[[^\]\n]{1,200}\]\(person:([0-9a-fA-F-]{36})\)`)

// mentionsIn lists who is mentioned in a text, each once. Ids that are none are
// plain text.
func mentionsIn(text string) []uuid.UUID {
	var ids []uuid.UUID
	for _, match := range mention.FindAllStringSubmatch(text, -1) {
		if id, err := uuid.Parse(match[1]); err == nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// setMentions stores who a text mentions and gives those it did not mention
// before, who must be members. Who was mentioned before may have left. A guest, who
// does not know the members, mentions nobody.
func (s *Service) setMentions(ctx context.Context, tx *postgres.Tx, p identity.Person, libraryID, markID uuid.UUID, replyID uuid.NullUUID, body string) (added []uuid.UUID, err error) {
	now := mentionsIn(body)
	before, err := s.q.Mentioned(ctx, tx, markID, replyID)
	if err != nil {
		return nil, fmt.Errorf("mentioned before: %w", err)
	}
	for _, id := range now {
		if !slices.Contains(before, id) {
			added = append(added, id)
		}
	}
	if len(added) > 0 && p.IsGuest() {
		return nil, errGuestMentions
	}
	if len(added) > 0 {
		members, err := s.q.MembersAmong(ctx, tx, libraryID, added)
		if err != nil {
			return nil, fmt.Errorf("members among the mentioned: %w", err)
		}
		for _, id := range added {
			if !slices.Contains(members, id) {
				return nil, errNotMember.With("person_id", id)
			}
		}
	}
	if len(now) == 0 && len(before) == 0 {
		return nil, nil
	}
	if err := s.q.DeleteMentions(ctx, tx, markID, replyID); err != nil {
		return nil, fmt.Errorf("delete mentions: %w", err)
	}
	if err := s.q.InsertMentions(ctx, tx, annotationdb.InsertMentionsParams{LibraryID: libraryID, AnnotationID: markID, ReplyID: replyID, PersonIds: now}); err != nil {
		return nil, fmt.Errorf("insert mentions: %w", err)
	}
	return added, nil
}
