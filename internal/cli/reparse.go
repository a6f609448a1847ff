package cli

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/app"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
)

type reparseCommand struct {
	OlderThan string    `help:"Only papers whose text was made by a version before this one, such as 2. Without it, all that were not read by this version." placeholder:"VERSION" xor:"which"`
	All       bool      `help:"Papers that this version read, too." xor:"which"`
	Library   uuid.UUID `help:"Only the papers of this library." placeholder:"ID"`
	operatorFlags
}

func (reparseCommand) Help() string {
	return `Queues papers to be read once more by a server or worker, one after the other and behind all uploads, and prints how many. They can be read and found meanwhile. What people corrected stays, and their marks are looked for in the new text. A paper that cannot be read again stays as it was; so does one that needs a password. ` + onDataHelp
}

func (c *reparseCommand) Run(ctx context.Context, env Env) error {
	q := ingest.ReparseQuery{
		LibraryID: uuid.NullUUID{UUID: c.Library, Valid: c.Library != uuid.Nil}, OlderThan: c.OlderThan, All: c.All,
	}
	return c.withApp(ctx, env, func(a *app.App) error {
		n, err := a.Reparse(ctx, q)
		if err != nil {
			return err
		}
		text := "There is no paper to be read again."
		if n > 0 {
			text = fmt.Sprintf("%s will be read again.", plural(n, "paper"))
		}
		_, err = fmt.Fprintln(env.Stdout, text)
		return err
	})
}
