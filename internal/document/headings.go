package document

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

func encodeBlocks(blocks []pagetext.Block) (string, error) {
	if blocks == nil {
		blocks = []pagetext.Block{}
	}
	encoded, err := json.Marshal(blocks)
	if err != nil {
		return "", fmt.Errorf("encode blocks: %w", err)
	}
	return string(encoded), nil
}

func decodeBlocks(encoded []byte) ([]pagetext.Block, error) {
	var blocks []pagetext.Block
	if err := json.Unmarshal(encoded, &blocks); err != nil {
		return nil, fmt.Errorf("decode blocks: %w", err)
	}
	return blocks, nil
}

// headings of an edition's text as an outline.
func (s *Service) headings(ctx context.Context, editionID uuid.UUID) ([]OutlineItem, error) {
	pages, err := s.q.HeadedPages(ctx, s.pool, editionID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("headings: %w", err))
	}
	return outlineOf(pages)
}

func outlineOf(pages []documentdb.HeadedPagesRow) ([]OutlineItem, error) {
	var items []OutlineItem
	for _, page := range pages {
		blocks, err := decodeBlocks(page.Blocks)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", page.Number, err)
		}
		text := []rune(page.Text)
		for _, one := range blocks {
			if one.Kind != pagetext.Heading || one.End > len(text) || len(items) == maxOutline {
				continue
			}
			item := OutlineItem{Title: cutRunes(strings.TrimSpace(string(text[one.Start:one.End])), maxOutlineTitle), Page: int(page.Number), Level: one.Level}
			if page.Rotation == 0 {
				item.Y = &one.Box[3]
			}
			items = append(items, item)
		}
	}
	return levelled(items), nil
}

// levelled counts levels from 0 without steps that nothing stands on, and leaves
// the title of the whole out, which is the only heading of its level.
func levelled(items []OutlineItem) []OutlineItem {
	top := func(item OutlineItem) bool { return item.Level <= 1 }
	if i := slices.IndexFunc(items, top); i >= 0 && len(items) > 1 && !slices.ContainsFunc(items[i+1:], top) {
		items = slices.Delete(items, i, i+1)
	}
	var open []int // levels of the headings that this one stands under
	for i := range items {
		level := items[i].Level
		for len(open) > 0 && open[len(open)-1] >= level {
			open = open[:len(open)-1]
		}
		items[i].Level = len(open)
		open = append(open, level)
	}
	return items
}
