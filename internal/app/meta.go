package app

import (
	"context"
	"net/http"

	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// MetaItem is what the web app and the command line must know before anybody
// is signed in.
type MetaItem struct {
	Version        string `json:"version"`
	SetupRequired  bool   `json:"setup_required" doc:"Nobody has an account yet"`
	MaxUploadBytes int64  `json:"max_upload_bytes" doc:"Largest file that is taken"`
	MaxPages       int    `json:"max_pages" doc:"Most pages that are parsed"`
	ChunkBytes     int64  `json:"chunk_bytes" doc:"How much to send per PATCH of an upload"`
}

// chunkBytes is the most that an upload sends again after a cut.
const chunkBytes = 8 << 20

func mountMeta(api *httpapi.API, cfg config.Config, version string, people *identity.Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/meta", ID: "get-meta", Tag: "server",
		Summary: "What this server is and takes", Access: httpapi.Public,
	},
		func(ctx context.Context, _ *struct{}) (*struct{ Body MetaItem }, error) {
			required, err := people.SetupRequired(ctx)
			if err != nil {
				return nil, err
			}
			return &struct{ Body MetaItem }{MetaItem{
				Version: version, SetupRequired: required, MaxUploadBytes: int64(cfg.MaxUploadBytes),
				MaxPages: cfg.MaxPages, ChunkBytes: chunkBytes,
			}}, nil
		})
}
