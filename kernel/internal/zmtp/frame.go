package zmtp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits on what a peer may send. They are far above any message a notebook front end produces, and low enough
// that a broken or hostile peer cannot make the process run out of memory.
const (
	maxFrame   = 256 << 20 // bytes of one frame
	maxMessage = 512 << 20 // bytes of all frames of one message
	maxFrames  = 4096      // frames of one message
)

const (
	flagMore    = 0x01
	flagLong    = 0x02
	flagCommand = 0x04
)

// ErrProtocol is wrapped by every error that a peer's bytes, not the network, gave rise to.
var ErrProtocol = errors.New("zmtp: protocol violation")

func violation(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrProtocol, fmt.Sprintf(format, args...))
}

// appendFrame appends one frame in wire format to buf.
func appendFrame(buf []byte, flags byte, body []byte) []byte {
	if len(body) > 255 {
		buf = append(buf, flags|flagLong)
		buf = binary.BigEndian.AppendUint64(buf, uint64(len(body)))
	} else {
		buf = append(buf, flags, byte(len(body)))
	}
	return append(buf, body...)
}

// encode serialises a message: every frame but the last carries the MORE flag.
func encode(frames [][]byte) []byte {
	size := 0
	for _, f := range frames {
		size += len(f) + 9
	}
	buf := make([]byte, 0, size)
	for i, f := range frames {
		var flags byte
		if i < len(frames)-1 {
			flags = flagMore
		}
		buf = appendFrame(buf, flags, f)
	}
	return buf
}

// readFrame reads one frame. The body grows as bytes arrive, so that a header which announces more than the
// peer ever sends costs nothing.
func readFrame(r *bufio.Reader) (flags byte, body []byte, err error) {
	flags, err = r.ReadByte()
	if err != nil {
		return 0, nil, err
	}
	if flags&^(flagMore|flagLong|flagCommand) != 0 {
		return 0, nil, violation("reserved frame flags 0x%02x", flags)
	}
	var size uint64
	if flags&flagLong != 0 {
		var b [8]byte
		if _, err = io.ReadFull(r, b[:]); err != nil {
			return 0, nil, unexpected(err)
		}
		size = binary.BigEndian.Uint64(b[:])
	} else {
		b, err := r.ReadByte()
		if err != nil {
			return 0, nil, unexpected(err)
		}
		size = uint64(b)
	}
	if size > maxFrame {
		return 0, nil, violation("frame of %d bytes, at most %d are accepted", size, maxFrame)
	}
	if size <= 64<<10 {
		body = make([]byte, size)
		_, err = io.ReadFull(r, body)
		return flags, body, unexpected(err)
	}
	var buf bytes.Buffer
	_, err = io.CopyN(&buf, r, int64(size))
	return flags, buf.Bytes(), unexpected(err)
}

// readMessage reads frames up to the first without MORE. A command is returned by name with its data and no frames.
func readMessage(r *bufio.Reader) (frames [][]byte, command string, data []byte, err error) {
	total := 0
	for {
		flags, body, err := readFrame(r)
		if err != nil {
			if len(frames) > 0 {
				err = unexpected(err)
			}
			return nil, "", nil, err
		}
		if flags&flagCommand != 0 {
			if len(frames) > 0 || flags&flagMore != 0 {
				return nil, "", nil, violation("a command inside a message")
			}
			name, data, err := parseCommand(body)
			return nil, name, data, err
		}
		frames = append(frames, body)
		total += len(body)
		if total > maxMessage || len(frames) > maxFrames {
			return nil, "", nil, violation("message of more than %d bytes or %d frames", maxMessage, maxFrames)
		}
		if flags&flagMore == 0 {
			return frames, "", nil, nil
		}
	}
}

// unexpected turns an end of file in the middle of something into io.ErrUnexpectedEOF.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func parseCommand(body []byte) (name string, data []byte, err error) {
	if len(body) == 0 || body[0] == 0 || len(body)-1 < int(body[0]) {
		return "", nil, violation("command without a name")
	}
	n := 1 + int(body[0])
	return string(body[1:n]), body[n:], nil
}

func appendCommand(buf []byte, name string, data []byte) []byte {
	body := append([]byte{byte(len(name))}, name...)
	return appendFrame(buf, flagCommand, append(body, data...))
}

// appendProperty appends one metadata property of a READY command.
func appendProperty(buf []byte, name, value string) []byte {
	buf = append(buf, byte(len(name)))
	buf = append(buf, name...)
	buf = binary.BigEndian.AppendUint32(buf, uint32(len(value)))
	return append(buf, value...)
}

// parseProperties reads the metadata of a READY command. Names are case-insensitive and returned in lower case.
func parseProperties(data []byte) (map[string]string, error) {
	props := make(map[string]string)
	for len(data) > 0 {
		n := int(data[0])
		if len(data) < 1+n+4 {
			return nil, violation("truncated metadata")
		}
		name := strings.ToLower(string(data[1 : 1+n]))
		data = data[1+n:]
		size := uint64(binary.BigEndian.Uint32(data))
		data = data[4:]
		if uint64(len(data)) < size {
			return nil, violation("truncated metadata")
		}
		props[name] = string(data[:size])
		data = data[size:]
	}
	return props, nil
}
