package server_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/wire"
	"gonmf/kernel/internal/zmtp"
)

// signed returns the frames of a message with the right signature.
func signed(parts ...string) [][]byte {
	mac := hmac.New(sha256.New, []byte("the key"))
	for _, p := range parts {
		mac.Write([]byte(p))
	}
	frames := [][]byte{[]byte("<IDS|MSG>"), []byte(hex.EncodeToString(mac.Sum(nil)))}
	for _, p := range parts {
		frames = append(frames, []byte(p))
	}
	return frames
}

func TestMalformedMessagesAreSurvived(t *testing.T) {
	header := func(msgType string) string {
		return fmt.Sprintf(`{"msg_id":"m","session":"s","username":"u","date":"","msg_type":%q,"version":"5.4"}`, msgType)
	}
	execute := header("execute_request")
	unsigned := func(frames [][]byte, signature string) [][]byte { frames[1] = []byte(signature); return frames }
	cases := []struct {
		name   string
		frames [][]byte
		logged string
	}{
		{"no delimiter", [][]byte{[]byte("a"), []byte("b")}, "no <IDS|MSG>"},
		{"one empty frame", [][]byte{nil}, "no <IDS|MSG>"},
		{"delimiter only", [][]byte{[]byte("<IDS|MSG>")}, "0 frames after"},
		{"missing frames", signed(execute, "{}"), "3 frames after"},
		{"empty frames", signed("", "", "", ""), "header: not a JSON object"},
		{"bad header", signed("{bad", "{}", "{}", "{}"), "header: not valid JSON"},
		{"bad parent", signed(execute, "{bad", "{}", "{}"), "parent_header: not valid JSON"},
		{"bad metadata", signed(execute, "{}", "{bad", "{}"), "metadata: not valid JSON"},
		{"bad content", signed(execute, "{}", "{}", "{bad"), "content: not valid JSON"},
		{"binary content", signed(execute, "{}", "{}", "\x00\xff\xfe"), "content: not a JSON object"},
		{"header is a list", signed("[]", "{}", "{}", "{}"), "header: not a JSON object"},
		{"header of wrong types", signed(`{"msg_id":1,"msg_type":[]}`, "{}", "{}", "{}"), "header: json"},
		{"empty header", signed("{}", "{}", "{}", "{}"), "without msg_id"},
		{"unknown type", signed(header("make_coffee_request"), "{}", "{}", "{}"), `unknown type "make_coffee_request"`},
		{"code is a number", signed(execute, "{}", "{}", `{"code":5}`), "content of execute_request"},
		{"flags are text", signed(execute, "{}", "{}", `{"code":"","silent":"yes"}`), "content of execute_request"},
		{"wrong signature", unsigned(signed(execute, "{}", "{}", `{"code":"fail"}`), strings.Repeat("0", 64)), "wrong signature"},
		{"no signature", unsigned(signed(execute, "{}", "{}", `{"code":"fail"}`), ""), "wrong signature"},
		{"signature that is no hex", unsigned(signed(execute, "{}", "{}", `{"code":"fail"}`), "zz"), "wrong signature"},
		{"huge header", signed(`{"a":"`+strings.Repeat("x", 20<<20)+`"}`, "{}", "{}", "{}"), "without msg_id"},
		{"deeply nested", signed(execute, "{}", "{}", strings.Repeat(`{"a":`, 1<<20)), "content: not valid JSON"},
	}
	k := start(t)
	for _, c := range cases {
		for name, conn := range map[string]interface{ Send(...[]byte) error }{"shell": k.Shell, "control": k.Control, "stdin": k.Stdin} {
			if name != "shell" && strings.HasPrefix(c.logged, "content of") {
				continue // only the shell channel looks at what an execute_request says
			}
			t.Run(c.name+" on "+name, func(t *testing.T) {
				before := len(k.Log.String())
				if err := conn.Send(c.frames...); err != nil {
					t.Fatal(err)
				}
				within(t, kerneltest.Timeout, "the message is reported", func() bool {
					return bytes.Contains([]byte(k.Log.String()[before:]), []byte(name+": "))
				})
				if got := k.Log.String()[before:]; !strings.Contains(got, c.logged) {
					t.Errorf("logged %q", got)
				}
			})
		}
		// A request whose content is of the wrong shape is answered, as its sender is known.
		if strings.HasPrefix(c.logged, "content of") {
			if m := k.Reply(k.Shell); !strings.Contains(string(m.Content), `"status":"error"`) {
				t.Errorf("%s: reply %s", c.name, m.Content)
			}
		}
	}
	if got := k.Run("value fine").Result(t); got != "fine" {
		t.Errorf("afterwards a cell shows %q", got)
	}
	k.Ask(k.Control, "kernel_info_request", nil)
	if err := k.Beat(); err != nil {
		t.Error(err)
	}
}

// TestFrontEndThatDoesNotRead has one front end that subscribes and then sleeps.
func TestFrontEndThatDoesNotRead(t *testing.T) {
	k := start(t)
	sleeper, err := zmtp.Dial(t.Context(), zmtp.Sub, k.Connection.Endpoint(k.Connection.IOPubPort), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := sleeper.Send([]byte{1}); err != nil {
		t.Fatal(err)
	}
	if _, err := sleeper.Read(); err != nil { // the welcome
		t.Fatal(err)
	}
	id := k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: "flood 1000000000"})
	time.Sleep(time.Second)
	k.Ask(k.Control, "kernel_info_request", nil)
	k.Ask(k.Control, "interrupt_request", nil)
	if got := len(k.Of(id)); got > 150 {
		t.Errorf("%d MB were printed, which must have piled up somewhere", got)
	}
	k.Ask(k.Control, "shutdown_request", wire.ShutdownRequest{})
	select {
	case <-k.Ended:
	case <-time.After(time.Second):
		t.Error("the kernel does not end within a second")
	}
}

// TestStrangeContents sends well-formed messages that say odd things. Each must be answered in some way, and the kernel
// go on.
func TestStrangeContents(t *testing.T) {
	types := []string{
		"kernel_info_request", "execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request",
		"comm_info_request", "comm_open", "comm_msg", "comm_close", "connect_request", "debug_request", "interrupt_request",
	}
	contents := []string{
		`{}`, `{"code":null}`, `{"code":""}`, `{"code":"\u0000\ud800"}`, `{"code":"é","cursor_pos":9223372036854775807}`,
		`{"code":"é","cursor_pos":-9223372036854775808}`, `{"code":"é","cursor_pos":1e400}`, `{"code":"value 1","user_expressions":null}`,
		`{"code":"value 1","user_expressions":{"":""}}`, `{"code":["value 1"]}`, `{"code":{}}`, `{"comm_id":null,"data":null}`, `{"comm_id":5}`,
		`{"hist_access_type":"tail","n":-5}`, `{"hist_access_type":"tail","n":1e9}`, `{"hist_access_type":"range","session":-99,"start":-1,"stop":-1}`,
		`{"hist_access_type":"search","pattern":"[","n":0}`, `{"hist_access_type":null}`, `{"seq":"x"}`, `{"command":null,"seq":-1}`,
	}
	k := start(t)
	for _, msgType := range types {
		for _, content := range contents {
			for name, conn := range map[string]*zmtp.Conn{"shell": k.Shell, "control": k.Control} {
				before := len(k.Log.String())
				id := k.Send(conn, msgType, json.RawMessage(content))
				within(t, kerneltest.Timeout, fmt.Sprintf("%s %s on %s is answered or reported", msgType, content, name), func() bool {
					return k.IsIdle(id) || len(k.Log.String()) > before
				})
			}
		}
	}
	fresh := kerneltest.Dial(t, k.Connection)
	if got := fresh.Run("value fine").Result(t); got != "fine" {
		t.Errorf("afterwards a cell shows %q", got)
	}
}

// TestStrangersAreSentAway connects to the kernel's ports with something that is not a front end.
func TestStrangersAreSentAway(t *testing.T) {
	k := start(t)
	c := k.Connection
	for name, port := range map[string]int{"shell": c.ShellPort, "control": c.ControlPort, "stdin": c.StdinPort, "iopub": c.IOPubPort, "heartbeat": c.HBPort} {
		nc, err := net.Dial("tcp", net.JoinHostPort(c.IP, strconv.Itoa(port)))
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		if _, err := nc.Write([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		within(t, kerneltest.Timeout, "it is reported on "+name, func() bool {
			return strings.Contains(k.Log.String(), name+": connection from \""+nc.LocalAddr().String()+"\" ended")
		})
	}
	if got := k.Run("value fine").Result(t); got != "fine" {
		t.Errorf("afterwards a cell shows %q", got)
	}
}
