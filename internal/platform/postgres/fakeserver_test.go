package postgres_test

import (
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// fakeServer speaks just enough of PostgreSQL's protocol to say that it is of
// another version, and returns its host, port and database.
func fakeServer(t *testing.T, number, name string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_ = answerVersion(conn, number, name)
			}()
		}
	}()
	return listener.Addr().String() + "/x?sslmode=disable&default_query_exec_mode=simple_protocol"
}

func answerVersion(conn net.Conn, number, name string) error {
	backend := pgproto3.NewBackend(conn, conn)
	if _, err := backend.ReceiveStartupMessage(); err != nil {
		return err
	}
	backend.Send(&pgproto3.AuthenticationOk{})
	for parameter, value := range map[string]string{"standard_conforming_strings": "on", "client_encoding": "UTF8"} {
		backend.Send(&pgproto3.ParameterStatus{Name: parameter, Value: value})
	}
	backend.Send(&pgproto3.BackendKeyData{ProcessID: 1, SecretKey: []byte{0, 0, 0, 1}})
	for {
		backend.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
		if err := backend.Flush(); err != nil {
			return err
		}
		message, err := backend.Receive()
		if err != nil {
			return err
		}
		query, ok := message.(*pgproto3.Query)
		if !ok {
			return nil // the client said goodbye
		}
		if strings.Contains(query.String, "server_version_num") {
			const text, int4, boolean = 25, 23, 16
			backend.Send(&pgproto3.RowDescription{Fields: []pgproto3.FieldDescription{
				{Name: []byte("number"), DataTypeOID: int4, DataTypeSize: 4},
				{Name: []byte("name"), DataTypeOID: text, DataTypeSize: -1},
				{Name: []byte("encoding"), DataTypeOID: text, DataTypeSize: -1},
				{Name: []byte("standby"), DataTypeOID: boolean, DataTypeSize: 1},
			}})
			backend.Send(&pgproto3.DataRow{Values: [][]byte{[]byte(number), []byte(name), []byte("UTF8"), []byte("f")}})
			backend.Send(&pgproto3.CommandComplete{CommandTag: []byte("SELECT 1")})
		} else {
			backend.Send(&pgproto3.EmptyQueryResponse{})
		}
	}
}
