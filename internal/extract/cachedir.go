package extract

import (
	"os"
	"path/filepath"
)

// UserCacheDir is the folder in which all processes of this user share PDFium
// as compiled for this machine. It is empty where the user has no cache folder.
func UserCacheDir() string {
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "scrollkeeper", "pdfium")
}
