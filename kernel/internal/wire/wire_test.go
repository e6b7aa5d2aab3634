package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func signer(t testing.TB, key string) *Signer {
	t.Helper()
	s, err := NewSigner(key, "hmac-sha256")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func frames(parts ...string) [][]byte {
	out := make([][]byte, len(parts))
	for i, p := range parts {
		out[i] = []byte(p)
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	for _, key := range []string{"", "a key"} {
		k := signer(t, key)
		request, err := New("s", "execute_request", nil, ExecuteRequest{Code: "1 < 2 && é"})
		if err != nil {
			t.Fatal(err)
		}
		request.Identities = frames("id 1", "id 2")
		request.Buffers = frames("", "binary\x00")
		raw, err := request.Frames(k)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(raw, k)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Header, request.Header) || !reflect.DeepEqual(got.Identities, request.Identities) ||
			!reflect.DeepEqual(got.Buffers, request.Buffers) {
			t.Errorf("key %q: sent %+v, got %+v", key, request, got)
		}
		content := NewExecuteRequest()
		if err := got.Decode(&content); err != nil || content.Code != "1 < 2 && é" {
			t.Errorf("content %+v, %v", content, err)
		}
		reply, err := New("k", "execute_reply", got, StatusReply{StatusOK})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(reply.Parent, got.RawHeader) {
			t.Errorf("the reply's parent is %s, the request's header %s", reply.Parent, got.RawHeader)
		}
	}
}

func TestExecuteDefaults(t *testing.T) {
	m := Message{Content: json.RawMessage(`{"code":"x"}`)}
	got := NewExecuteRequest()
	if err := m.Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := ExecuteRequest{Code: "x", StoreHistory: true, StopOnError: true}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

// The expected value was computed with Python's hmac module.
func TestSignature(t *testing.T) {
	parts := frames(`{"a":1}`, `{}`, `{}`, `{"b":2}`)
	const want = "9b14d94617bffb278285cea390d9dc17e01ec3188dba313f9548021906557a7b"
	if got := string(signer(t, "secret").sign(parts)); got != want {
		t.Errorf("got %s", got)
	}
	if got := signer(t, "").sign(parts); len(got) != 0 {
		t.Errorf("signed without a key: %s", got)
	}
	if _, err := NewSigner("k", "hmac-md5"); err == nil || !strings.Contains(err.Error(), "hmac-sha256") {
		t.Errorf("hmac-md5: %v", err)
	}
}

func TestParseRefuses(t *testing.T) {
	const h = `{"msg_id":"1","msg_type":"x"}`
	cases := []struct {
		name   string
		frames [][]byte
		want   string
	}{
		{"nothing", nil, "no <IDS|MSG>"},
		{"no delimiter", frames("id", "", h, "{}", "{}", "{}"), "no <IDS|MSG>"},
		{"delimiter last", frames("id", delimiter), "0 frames after"},
		{"three parts", frames(delimiter, "", h, "{}", "{}"), "4 frames after"},
		{"header is not JSON", frames(delimiter, "", "{nope", "{}", "{}", "{}"), "header: not valid JSON"},
		{"parent is not JSON", frames(delimiter, "", h, "{nope", "{}", "{}"), "parent_header: not valid JSON"},
		{"metadata is not JSON", frames(delimiter, "", h, "{}", "{nope", "{}"), "metadata: not valid JSON"},
		{"content is not JSON", frames(delimiter, "", h, "{}", "{}", "{nope"), "content: not valid JSON"},
		{"content is a list", frames(delimiter, "", h, "{}", "{}", "[]"), "content: not a JSON object"},
		{"content is null", frames(delimiter, "", h, "{}", "{}", "null"), "content: not a JSON object"},
		{"empty frames", frames(delimiter, "", "", "", "", ""), "header: not a JSON object"},
		{"header of wrong types", frames(delimiter, "", `{"msg_id":1}`, "{}", "{}", "{}"), "header: json"},
		{"header without id", frames(delimiter, "", `{"msg_type":"x"}`, "{}", "{}", "{}"), "without msg_id"},
		{"header without type", frames(delimiter, "", `{"msg_id":"x"}`, "{}", "{}", "{}"), "without msg_id or msg_type"},
		{"two values in a frame", frames(delimiter, "", h, "{}", "{}", "{}{}"), "content: not valid JSON"},
		{"nested without end", frames(delimiter, "", h, "{}", "{}", strings.Repeat(`{"a":`, 100_000)), "content: not valid JSON"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(c.frames, signer(t, ""))
			if !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v", err)
			}
		})
	}
	t.Run("signature", func(t *testing.T) {
		for _, signature := range []string{"", "xyz", "00", strings.Repeat("0", 64)} {
			_, err := Parse(frames(delimiter, signature, h, "{}", "{}", "{}"), signer(t, "k"))
			if !errors.Is(err, ErrSignature) {
				t.Errorf("signature %q: %v", signature, err)
			}
		}
	})
}

func TestDecodeRefusesWrongTypes(t *testing.T) {
	m := Message{Header: Header{Type: "execute_request"}, Content: json.RawMessage(`{"code":7}`)}
	var content ExecuteRequest
	err := m.Decode(&content)
	if !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "execute_request") {
		t.Errorf("error %v", err)
	}
}

func TestNilBundleIsAnObject(t *testing.T) {
	raw, err := json.Marshal(DisplayData{})
	if err != nil || string(raw) != `{"data":{},"metadata":{}}` {
		t.Errorf("%s, %v", raw, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("id\n<IDS|MSG>\n\n{\"msg_id\":\"1\",\"msg_type\":\"x\"}\n{}\n{}\n{}\nbuffer"))
	f.Add([]byte("<IDS|MSG>\n\n{\n}\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		key := signer(t, "")
		m, err := Parse(bytes.Split(data, []byte("\n")), key)
		if err != nil {
			if !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrSignature) {
				t.Errorf("unclassified error %v", err)
			}
			return
		}
		raw, err := m.Frames(key)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(raw, key)
		if err != nil {
			t.Fatalf("what was accepted is refused once serialised: %v", err)
		}
		if again.Header != m.Header || !bytes.Equal(again.Content, m.Content) || len(again.Buffers) != len(m.Buffers) {
			t.Errorf("%+v became %+v", m, again)
		}
	})
}
