package postgres

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// account is the ordinary user that runs the server for root. A nil account
// means the user we are.
type account struct {
	uid, gid uint32
	name     string
}

func (a *account) String() string {
	if a == nil {
		return fmt.Sprintf("user %d", os.Geteuid())
	}
	return a.name
}

// serverAccount chooses who runs the server over cluster. Root is refused by
// PostgreSQL, so root takes the cluster's owner, or else the first ordinary user
// that suits. It must be in the user database, where initdb looks it up.
func serverAccount(cluster string) (*account, error) {
	owner := -1
	if info, err := os.Stat(cluster); err == nil {
		owner = int(info.Sys().(*syscall.Stat_t).Uid)
	}
	if me := os.Geteuid(); me != 0 {
		if owner >= 0 && owner != me {
			return nil, fault.New(fault.Forbidden, "data_folder_owner", fmt.Sprintf(
				"The database in %s belongs to %s, and you are %s. Start Scrollkeeper as root or as its owner, or give the folder to yourself with chown.",
				cluster, userName(owner), userName(me)))
		}
		return nil, nil
	}
	if owner > 0 {
		if u, err := user.LookupId(strconv.Itoa(owner)); err == nil {
			return newAccount(u)
		}
	}
	// postgres comes before nobody, whose files other daemons may share.
	for _, name := range []string{"scrollkeeper", "postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil && u.Uid != "0" {
			return newAccount(u)
		}
	}
	return nil, fault.New(fault.Unavailable, "postgres_account",
		"PostgreSQL does not run as root, and there is no user named scrollkeeper, postgres or nobody to run it. "+
			"Add one with `useradd --system scrollkeeper`, or start Scrollkeeper as an ordinary user.")
}

func newAccount(u *user.User) (*account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	return &account{uid: uint32(uid), gid: uint32(gid), name: u.Username}, nil
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "user " + strconv.Itoa(uid)
}

// procAttr makes a child run as the account.
func (a *account) procAttr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{}
	if a != nil {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// own gives a folder and all below it to the account. It never follows a link,
// and leaves files with a second name alone: the account could have put either
// there to be given a file of root's.
func (a *account) own(folder string) error {
	if a == nil {
		return nil
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		now := info.Sys().(*syscall.Stat_t)
		if now.Uid == a.uid && now.Gid == a.gid || (!info.IsDir() && now.Nlink > 1) {
			return nil
		}
		return root.Lchown(name, int(a.uid), int(a.gid))
	})
}
