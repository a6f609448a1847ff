package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"scrollkeeper.example/scrollkeeper/internal/pdfupdate"
)

// AddMarks gives the bytes that, put behind those of file, add marks to it: see
// [pdfupdate.Make]. A child of pool reads the file, under the limits of a
// document that is extracted. It fails as [RunFile] does, and needs as much
// memory as the update is long, which is at most [pdfupdate.MaxSize].
func AddMarks(ctx context.Context, pool *Pool, file *os.File, password string, wanted pdfupdate.Request) ([]byte, error) {
	size, err := checkFile(file)
	if err != nil {
		return nil, err
	}
	asked := request{Size: size, Password: password, MaxPages: pool.config.MaxPages, Update: &wanted}
	got, err := pool.serve(ctx, file, asked, Options{})
	return got.update, err
}

// maxUpdateFrame in bytes, of the pieces that an update is sent in.
const maxUpdateFrame = 1 << 20

// update makes an update and sends it.
func (c *childProcess) update(asked request, file *os.File) (err error) {
	defer func() {
		// What the file left behind must not count against the next one.
		debug.FreeOSMemory()
	}()
	// Its offset is the parent's too.
	content := io.NewSectionReader(file, 0, asked.Size)
	update, err := pdfupdate.Make(content, asked.Size, asked.Password, *asked.Update, func(pages int) error {
		return c.sendJSON(frameInfo, Info{PageCount: min(pages, asked.MaxPages)})
	})
	if err != nil {
		return updateFailure(err)
	}
	for len(update) > 0 {
		piece := update[:min(len(update), maxUpdateFrame)]
		if err := c.send(frameUpdate, piece); err != nil {
			return err
		}
		update = update[len(piece):]
	}
	return nil
}

// updateFailure gives each error of pdfupdate its kind.
func updateFailure(err error) error {
	if _, ok := errors.AsType[*lostParentError](err); ok {
		return err
	}
	for cause, failure := range map[error]*Error{
		pdfupdate.ErrPassword:   fail(KindPasswordRequired, "The file is encrypted and needs a password."),
		pdfupdate.ErrEncryption: fail(KindNotWritable, "The file is encrypted in a way that this program cannot write."),
		pdfupdate.ErrPages:      fail(KindNotWritable, "The file is damaged: its pages cannot be told apart well enough to mark them."),
		pdfupdate.ErrDamaged:    fail(KindNotWritable, "The file is too damaged to write marks into it."),
		pdfupdate.ErrTooMuch:    fail(KindNotWritable, "The marks take more room than a file may have."),
	} {
		if errors.Is(err, cause) {
			failure.cause = err
			return failure
		}
	}
	return fmt.Errorf("add marks: %w", err)
}
