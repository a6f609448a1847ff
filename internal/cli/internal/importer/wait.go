package importer

import (
	"context"
	"net/http"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/cli/internal/remote"
)

// askEvery is the pause between two looks at the change log.
const askEvery = time.Second

// watcher follows papers until they are ready or failed. It reads the
// library's change log and looks only at papers that it names, so that a
// thousand of them cost one small request a second. The log has no gaps, so
// nothing is missed; each paper is looked at once when it is added, because it
// may have ended before.
type watcher struct {
	im      *Import
	added   chan Result
	pending map[string]Result // by document
}

func newWatcher(im *Import) *watcher {
	return &watcher{im: im, added: make(chan Result), pending: map[string]Result{}}
}

// add hands a paper over.
func (w *watcher) add(ctx context.Context, r Result) error {
	select {
	case w.added <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close says that no more will come.
func (w *watcher) close() { close(w.added) }

func (w *watcher) run(ctx context.Context) error {
	since := w.im.Library.Version
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	added := w.added
	for added != nil || len(w.pending) > 0 {
		select {
		case r, more := <-added:
			if !more {
				added = nil
				continue
			}
			if err := w.look(ctx, r); err != nil {
				return err
			}
		case <-ticker.C:
			changed, version, err := w.changed(ctx, since)
			if err != nil {
				return err
			}
			since = version
			for id := range changed {
				if r, ours := w.pending[id]; ours {
					if err := w.look(ctx, r); err != nil {
						return err
					}
				}
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// changed gives the documents that the log names after since.
func (w *watcher) changed(ctx context.Context, since int64) (map[string]bool, int64, error) {
	ids := map[string]bool{}
	for {
		changes, version, err := w.im.Client.Changes(ctx, w.im.Library.ID, since)
		if err != nil {
			return nil, since, err
		}
		for _, c := range changes {
			ids[c.ObjectID] = true
		}
		if version == since || len(changes) == 0 {
			return ids, version, nil
		}
		since = version
	}
}

// look asks for one paper and reports it when it has ended.
func (w *watcher) look(ctx context.Context, r Result) error {
	if r.DocumentID == "" { // A file that another one in this run stands for.
		w.end(r)
		return nil
	}
	d, err := w.im.Client.Document(ctx, r.DocumentID)
	switch {
	case remote.HasStatus(err, http.StatusNotFound):
		return w.vanished(ctx, r)
	case err != nil:
		return err
	}
	r.Title = d.Title
	switch e := d.Edition; {
	case e == nil:
		w.end(r)
	case e.State == "ready":
		if r.Status == Uploaded {
			r.Status = Ready
		}
		r.PageCount = e.PageCount
		w.end(r)
	case e.State == "failed":
		r.Status, r.Reason = Failed, &Reason{"failed", "The file could not be parsed."}
		if e.Failure != nil {
			r.Reason = &Reason{e.Failure.Kind, e.Failure.Message}
		}
		w.end(r)
	default:
		w.pending[r.DocumentID] = r
	}
	return nil
}

// vanished explains a paper that is no longer there: the server found, once it
// had hashed the file, that the library has it already; or somebody removed it.
func (w *watcher) vanished(ctx context.Context, r Result) error {
	present, found, err := w.im.Client.FindFile(ctx, w.im.Library.ID, r.SHA256)
	if err != nil {
		return err
	}
	gone := r.DocumentID
	if found && present.DocumentID != gone {
		delete(w.pending, gone)
		r.Status, r.DocumentID, r.Title, r.Trashed = Present, present.DocumentID, present.Title, present.Trashed
		return w.look(ctx, r)
	}
	r.Status, r.Reason = Failed, &Reason{"removed", "Somebody removed this paper while it was being parsed."}
	w.end(r)
	return nil
}

func (w *watcher) end(r Result) {
	delete(w.pending, r.DocumentID)
	w.im.progress.Parsing.Add(-1)
	w.im.report(r)
}
