package pipe

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"gonmf/kernel/internal/outlet"
	"gonmf/kernel/internal/wire"
)

func TestRoundTrip(t *testing.T) {
	var buf bytes.Buffer
	w := NewWriter(&buf)
	sent := []any{
		Execute{Cell: -3, Code: "x", Expressions: map[string]string{"a": "1"}},
		Event{Cell: 4, Event: outlet.Event{Op: outlet.Clear, Wait: true}},
		Executed{Outcome: Outcome{Failure: wire.NewFailure("a", "b")}, Expressions: map[string]Outcome{"x": {Value: &Value{Data: wire.Bundle{"k": "v"}, Metadata: wire.Bundle{}}}}},
	}
	for i, v := range sent {
		if err := w.WriteJSON(Kind(i+1), v); err != nil {
			t.Fatal(err)
		}
	}
	r := bufio.NewReader(&buf)
	for i, v := range sent {
		kind, payload, err := Read(r)
		if err != nil || kind != Kind(i+1) {
			t.Fatalf("kind %d, %v", kind, err)
		}
		got := reflect.New(reflect.TypeOf(v))
		if err := json.Unmarshal(payload, got.Interface()); err != nil || !reflect.DeepEqual(got.Elem().Interface(), v) {
			t.Errorf("sent %+v, got %+v, %v", v, got.Elem(), err)
		}
	}
	if _, _, err := Read(r); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestOutput(t *testing.T) {
	for _, cell := range []int{0, 7, -7, 1 << 40} {
		for _, stderr := range []bool{false, true} {
			got, gotErr, text, err := DecodeOutput(EncodeOutput(cell, stderr, []byte("text")))
			if got != cell || gotErr != stderr || string(text) != "text" || err != nil {
				t.Errorf("cell %d, stderr %v became %d, %v, %q, %v", cell, stderr, got, gotErr, text, err)
			}
		}
	}
	if _, _, _, err := DecodeOutput([]byte("short")); err == nil {
		t.Error("a truncated frame is accepted")
	}
}

func TestLimits(t *testing.T) {
	if err := NewWriter(io.Discard).Write(KindReply, make([]byte, MaxPayload+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v", err)
	}
	for name, bytes := range map[string]string{"huge": "\xff\xff\xff\xff\x01", "truncated": "\x00\x00\x00\x05\x01abc", "half a head": "\x00\x00"} {
		if _, _, err := Read(bufio.NewReader(strings.NewReader(bytes))); err == nil || err == io.EOF {
			t.Errorf("%s: %v", name, err)
		}
	}
}
