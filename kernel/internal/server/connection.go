package server

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
)

// Connection is the content of a connection file: where a front end expects the kernel to listen.
type Connection struct {
	Transport       string `json:"transport"` // tcp or ipc
	IP              string `json:"ip"`        // for ipc the path that the sockets' files start with
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HBPort          int    `json:"hb_port"`
	Key             string `json:"key"` // empty: messages are not signed
	SignatureScheme string `json:"signature_scheme"`
}

// ReadConnection reads a connection file.
func ReadConnection(path string) (Connection, error) {
	var c Connection
	raw, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("connection file: %w", err)
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, fmt.Errorf("connection file %s: %w", path, err)
	}
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return c, fmt.Errorf("connection file %s: transport is %q, tcp or ipc is needed", path, c.Transport)
	}
	if c.IP == "" {
		return c, fmt.Errorf("connection file %s: ip is missing", path)
	}
	for name, port := range map[string]int{
		"shell_port": c.ShellPort, "iopub_port": c.IOPubPort, "stdin_port": c.StdinPort, "control_port": c.ControlPort, "hb_port": c.HBPort,
	} {
		if port <= 0 || port > 65535 {
			return c, fmt.Errorf("connection file %s: %s is %d, a port number is needed", path, name, port)
		}
	}
	return c, nil
}

// Endpoint is where the socket with that port listens.
func (c Connection) Endpoint(port int) string {
	if c.Transport == "ipc" {
		return "ipc://" + c.socketPath(port)
	}
	host := c.IP
	if host == "*" {
		host = "" // every interface
	}
	return "tcp://" + net.JoinHostPort(host, strconv.Itoa(port))
}

func (c Connection) socketPath(port int) string { return c.IP + "-" + strconv.Itoa(port) }

// socketFiles lists the files of the Unix sockets.
func (c Connection) socketFiles() []string {
	if c.Transport != "ipc" {
		return nil
	}
	var files []string
	for _, port := range []int{c.ShellPort, c.IOPubPort, c.StdinPort, c.ControlPort, c.HBPort} {
		files = append(files, c.socketPath(port))
	}
	return files
}
