package savedsearch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// SurveyArgs ask for the libraries to be found in which something happened since
// their searches were last looked at.
type SurveyArgs struct{}

// Kind names the job.
func (SurveyArgs) Kind() string { return "survey_saved_searches" }

// LookArgs ask for a library's saved searches to be looked at.
type LookArgs struct {
	LibraryID uuid.UUID `json:"library_id"`
}

// Kind names the job.
func (LookArgs) Kind() string { return "look_at_saved_searches" }

// surveyEvery is how late news can be. What happens in between is told together:
// a hundred files that come at once are one look.
const surveyEvery = 10 * time.Second

// RegisterJobs adds the workers and the periodic job.
func (s *Service) RegisterJobs(r *jobs.Registry) {
	jobs.Add[SurveyArgs](r, surveyor{s})
	jobs.Add[LookArgs](r, looker{s})
	r.Every(surveyEvery, SurveyArgs{})
}

type surveyor struct{ s *Service }

// Work implements jobs.Worker.
func (w surveyor) Work(ctx context.Context, _ *jobs.Job[SurveyArgs]) error {
	ids, err := w.s.q.LibrariesToLook(ctx, w.s.Pool)
	if err != nil {
		return postgres.Fault(fmt.Errorf("libraries to look at: %w", err))
	}
	var failures []error
	for _, id := range ids {
		// One at a time for each library. Nothing is lost when it fails: the next
		// survey finds the library again.
		_, err := w.s.Jobs.Insert(ctx, LookArgs{LibraryID: id}, &jobs.InsertOpts{
			MaxAttempts: 1, UniqueOpts: jobs.UniqueOpts{ByArgs: true, ByState: jobs.Unfinished()},
		})
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

type looker struct{ s *Service }

// Work implements jobs.Worker.
func (w looker) Work(ctx context.Context, job *jobs.Job[LookArgs]) error {
	return w.s.Look(ctx, job.Args.LibraryID)
}

// SetAside implements jobs.SetAsider: the next survey asks for it again.
func (w looker) SetAside(context.Context, *jobs.Job[LookArgs], error) error { return nil }
