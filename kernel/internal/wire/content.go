package wire

import "encoding/json"

// Bundle is one value in several representations, by MIME type. JSON types hold the value itself, binary types
// base64 text, all others text.
type Bundle map[string]any

// Status values of replies.
const (
	StatusOK      = "ok"
	StatusError   = "error"
	StatusAborted = "aborted"
)

// Requests.
type (
	// ExecuteRequest asks to run a cell. Decode into the result of NewExecuteRequest, which has the protocol's defaults.
	ExecuteRequest struct {
		Code            string            `json:"code"`
		Silent          bool              `json:"silent"`
		StoreHistory    bool              `json:"store_history"`
		UserExpressions map[string]string `json:"user_expressions"`
		AllowStdin      bool              `json:"allow_stdin"`
		StopOnError     bool              `json:"stop_on_error"`
	}
	// CompleteRequest asks what could stand at CursorPos, which counts Unicode code points.
	CompleteRequest struct {
		Code      string `json:"code"`
		CursorPos int    `json:"cursor_pos"`
	}
	// InspectRequest asks about the name at CursorPos, which counts Unicode code points.
	InspectRequest struct {
		Code        string `json:"code"`
		CursorPos   int    `json:"cursor_pos"`
		DetailLevel int    `json:"detail_level"`
	}
	// IsCompleteRequest asks whether code is ready to run.
	IsCompleteRequest struct {
		Code string `json:"code"`
	}
	// HistoryRequest asks for earlier cells. HistAccessType is range (Session, Start, Stop), tail (N) or search
	// (N, Pattern, Unique).
	HistoryRequest struct {
		Output         bool   `json:"output"`
		Raw            bool   `json:"raw"`
		HistAccessType string `json:"hist_access_type"`
		Session        int    `json:"session"`
		Start          int    `json:"start"`
		Stop           *int   `json:"stop"`
		N              *int   `json:"n"`
		Pattern        string `json:"pattern"`
		Unique         bool   `json:"unique"`
	}
	// Comm is the content of comm_open, comm_msg and comm_close.
	Comm struct {
		CommID     string         `json:"comm_id"`
		TargetName string         `json:"target_name,omitempty"`
		Data       map[string]any `json:"data"`
	}
	// ShutdownRequest asks the kernel to end; it returns as the content of the reply.
	ShutdownRequest struct {
		Restart bool `json:"restart"`
	}
	// SubshellRequest names a subshell.
	SubshellRequest struct {
		ID string `json:"subshell_id"`
	}
	// DebugRequest is the envelope of the Debug Adapter Protocol.
	DebugRequest struct {
		Seq     int    `json:"seq"`
		Command string `json:"command"`
	}
	// InputReply answers an InputRequest.
	InputReply struct {
		Value string `json:"value"`
	}
)

// NewExecuteRequest returns a request with the values that absent fields stand for.
func NewExecuteRequest() ExecuteRequest {
	return ExecuteRequest{StoreHistory: true, StopOnError: true}
}

// Replies.
type (
	// Failure is an error as every reply carries it; it is the whole content of an error message.
	Failure struct {
		Name      string   `json:"ename"`
		Value     string   `json:"evalue"`
		Traceback []string `json:"traceback"`
	}
	// ErrorReply is the content of a reply that failed.
	ErrorReply struct {
		Status string `json:"status"`
		Failure
	}
	// KernelInfoReply describes the kernel.
	KernelInfoReply struct {
		Status                string       `json:"status"`
		ProtocolVersion       string       `json:"protocol_version"`
		Implementation        string       `json:"implementation"`
		ImplementationVersion string       `json:"implementation_version"`
		LanguageInfo          LanguageInfo `json:"language_info"`
		Banner                string       `json:"banner"`
		Debugger              bool         `json:"debugger"`
		SupportedFeatures     []string     `json:"supported_features"`
		HelpLinks             []HelpLink   `json:"help_links"`
	}
	// LanguageInfo tells a front end how to show and save cells.
	LanguageInfo struct {
		Name              string `json:"name"`
		Version           string `json:"version"`
		MIMEType          string `json:"mimetype"`
		FileExtension     string `json:"file_extension"`
		PygmentsLexer     string `json:"pygments_lexer"`
		CodemirrorMode    string `json:"codemirror_mode"`
		NbconvertExporter string `json:"nbconvert_exporter"`
	}
	// HelpLink is an entry of the front end's help menu.
	HelpLink struct {
		Text string `json:"text"`
		URL  string `json:"url"`
	}
	// ExecuteReply ends a cell. Failure is set when Status is error.
	ExecuteReply struct {
		Status          string           `json:"status"`
		ExecutionCount  int              `json:"execution_count"`
		UserExpressions map[string]any   `json:"user_expressions,omitzero"`
		Payload         []map[string]any `json:"payload,omitzero"`
		*Failure
	}
	// ExpressionResult is the value of one of a cell's user_expressions; one that failed is an ErrorReply.
	ExpressionResult struct {
		Status   string `json:"status"`
		Data     Bundle `json:"data"`
		Metadata Bundle `json:"metadata"`
	}
	// CompleteReply lists what could replace the code from CursorStart to CursorEnd, in Unicode code points.
	CompleteReply struct {
		Status      string         `json:"status"`
		Matches     []string       `json:"matches"`
		CursorStart int            `json:"cursor_start"`
		CursorEnd   int            `json:"cursor_end"`
		Metadata    map[string]any `json:"metadata"`
	}
	// InspectReply describes a name.
	InspectReply struct {
		Status   string         `json:"status"`
		Found    bool           `json:"found"`
		Data     Bundle         `json:"data"`
		Metadata map[string]any `json:"metadata"`
	}
	// IsCompleteReply has Status complete, incomplete (with the next line's Indent), invalid or unknown.
	IsCompleteReply struct {
		Status string `json:"status"`
		Indent string `json:"indent"`
	}
	// HistoryReply holds triples of session, line and either the input or a pair of input and output.
	HistoryReply struct {
		Status  string   `json:"status"`
		History [][3]any `json:"history"`
	}
	// CommInfoReply lists open comms by id.
	CommInfoReply struct {
		Status string                       `json:"status"`
		Comms  map[string]map[string]string `json:"comms"`
	}
	// ShutdownReply answers a ShutdownRequest, and tells every front end.
	ShutdownReply struct {
		Status  string `json:"status"`
		Restart bool   `json:"restart"`
	}
	// StatusReply is a reply that says nothing else.
	StatusReply struct {
		Status string `json:"status"`
	}
	// SubshellReply names a subshell that was made.
	SubshellReply struct {
		Status string `json:"status"`
		ID     string `json:"subshell_id"`
	}
	// SubshellListReply lists the subshells.
	SubshellListReply struct {
		Status string   `json:"status"`
		IDs    []string `json:"subshell_id"`
	}
	// UsageReply tells what a kernel uses. It is not in the protocol's text: the names are ipykernel's, which the
	// extension jupyter-resource-usage shows. What is not known is left out.
	UsageReply struct {
		Status     string      `json:"status"`
		Hostname   string      `json:"hostname"`
		PID        int         `json:"pid"`
		Memory     int64       `json:"kernel_memory,omitempty"` // bytes
		CPU        *float64    `json:"kernel_cpu,omitempty"`    // percent of one processor since the request before
		Processors int         `json:"cpu_count"`
		HostMemory *HostMemory `json:"host_virtual_memory,omitempty"`
	}
	// HostMemory is the memory of the kernel's machine, in bytes and percent.
	HostMemory struct {
		Total     int64   `json:"total"`
		Available int64   `json:"available"` // without taking it from anybody
		Free      int64   `json:"free"`      // that nothing uses, not even as a cache
		Used      int64   `json:"used"`
		Percent   float64 `json:"percent"`
	}
	// DebugReply is a response of the Debug Adapter Protocol.
	DebugReply struct {
		Type       string         `json:"type"`
		RequestSeq int            `json:"request_seq"`
		Success    bool           `json:"success"`
		Command    string         `json:"command"`
		Message    string         `json:"message"`
		Body       map[string]any `json:"body"`
	}
)

// Broadcasts and requests of the kernel's own.
type (
	// Status announces busy, idle or starting.
	Status struct {
		State string `json:"execution_state"`
	}
	// ExecuteInput tells every front end what runs.
	ExecuteInput struct {
		Code           string `json:"code"`
		ExecutionCount int    `json:"execution_count"`
	}
	// Stream is text on stdout or stderr.
	Stream struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	// DisplayData is the content of display_data, update_display_data and, with a count, execute_result.
	DisplayData struct {
		Data           Bundle         `json:"data"`
		Metadata       Bundle         `json:"metadata"`
		Transient      map[string]any `json:"transient,omitzero"`
		ExecutionCount int            `json:"execution_count,omitempty"`
	}
	// ClearOutput removes a cell's output, with Wait only once there is something new.
	ClearOutput struct {
		Wait bool `json:"wait"`
	}
	// Welcome is sent to a new subscriber of iopub.
	Welcome struct {
		Subscription string `json:"subscription"`
	}
	// InputRequest asks the user for a line.
	InputRequest struct {
		Prompt   string `json:"prompt"`
		Password bool   `json:"password"`
	}
)

// NewFailure returns a failure whose traceback is its name and value, in red.
func NewFailure(name, value string) *Failure {
	return &Failure{Name: name, Value: value, Traceback: []string{"\x1b[31m" + name + "\x1b[0m: " + value}}
}

// Error makes a failure an error, so that an interpreter can return one with a traceback of its own.
func (f *Failure) Error() string { return f.Name + ": " + f.Value }

// MarshalJSON writes a nil bundle as {}, since front ends expect an object.
func (b Bundle) MarshalJSON() ([]byte, error) {
	if b == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(map[string]any(b))
}
