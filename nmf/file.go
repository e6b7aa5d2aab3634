package nmf

import (
	"encoding/json"
	"fmt"
	"io"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/npz"
	"gonmf/nmf/internal/number"
)

// fileVersion counts the forms that the settings have had.
const fileVersion = 1

// settings is the JSON text beside W and H in a model's file. Names follow
// scikit-learn's parameters and attributes.
type settings struct {
	Format      string         `json:"format"` // "gonmf"
	Version     int            `json:"version"`
	Components  int            `json:"n_components"`
	Init        string         `json:"init"`
	Solver      string         `json:"solver"`
	SolverSet   any            `json:"solver_settings,omitempty"`
	Loss        string         `json:"beta_loss"`
	MaxIter     int            `json:"max_iter"`
	Tol         float64        `json:"tol"`
	Seed        uint32         `json:"random_state"`
	AlphaW      float64        `json:"alpha_W"`
	AlphaH      float64        `json:"alpha_H"`
	L1Ratio     float64        `json:"l1_ratio"`
	Unobserved  float64        `json:"unobserved,omitempty"`
	Precision   string         `json:"precision,omitempty"` // "": float64
	Iter        int            `json:"n_iter"`
	Err         number.Float   `json:"reconstruction_err"`
	Stop        string         `json:"stop"`
	State       *stateJSON     `json:"state,omitempty"`
	HistoryIter []int          `json:"history_iter,omitempty"`
	HistoryErr  []number.Float `json:"history_err,omitempty"`
	Names       []string       `json:"component_names,omitempty"`
}

// Save writes the model as a NumPy .npz archive, which numpy.load reads
// without pickle: W (n x k), H (k x m) and settings, a string of JSON; of a
// mini-batch fit also A and B (k x m), see [MiniBatch], of an accelerated one
// also Y (k x m), see [AcceleratedCD]; with a [Report] also that, report,
// another string of JSON.
// The same model gives the same bytes. A model that was read by [Load] goes
// on under [Model.Resume] as if it had never left memory. Config.W0, H0, Mask
// and Weights are not in the file: to go on with a fit that had the latter two,
// set them in the Config of what Load returns.
//
// To leave no half-written file behind, write to a temporary file and rename
// it.
func (m *Model) Save(w io.Writer) error {
	if m == nil || m.W == nil || m.H == nil {
		return kind.Errorf(ErrShape, "nmf: save: there are no factors: save what Fit or Load returned")
	}
	return m.save(w, matrixArray("W", m.W), matrixArray("H", m.H))
}

// save writes a model with the factors given, and with what else is given.
func (m *Model) save(to io.Writer, w, h npz.Array, more ...npz.Array) error {
	k, cols := h.Shape[0], h.Shape[1]
	text, err := json.Marshal(m.settings(k))
	if err != nil {
		return fmt.Errorf("nmf: save: %w", err)
	}
	arrays := append([]npz.Array{w, h, {Name: "settings", Texts: []string{string(text)}}}, more...)
	for name, a := range m.state.likeH {
		arrays = append(arrays, npz.Array{Name: name, Shape: []int{k, cols}, Floats: *a})
	}
	if m.Report != nil {
		text, err := json.Marshal(m.Report)
		if err != nil {
			return fmt.Errorf("nmf: save: report: %w", err)
		}
		arrays = append(arrays, npz.Array{Name: "report", Texts: []string{string(text)}})
	}
	err = npz.Write(to, arrays...)
	if err != nil {
		return fmt.Errorf("nmf: save: %w", err)
	}
	return nil
}

// settings are those of a model of k components.
func (m *Model) settings(k int) settings {
	c := m.Config
	if c.Solver == nil {
		c.Solver = CD{}
	}
	s := settings{
		Format: "gonmf", Version: fileVersion,
		Components: k, Init: c.Init.String(), Solver: c.Solver.name(), SolverSet: c.Solver,
		Loss: c.Loss.String(), MaxIter: c.MaxIter, Tol: c.Tol, Seed: c.Seed,
		AlphaW: c.AlphaW, AlphaH: c.AlphaH, L1Ratio: c.L1Ratio, Unobserved: c.Unobserved,
		Iter: m.Iter, Err: number.Float(m.Err), Stop: m.Stop.String(), State: newStateJSON(&m.state), Names: m.Names,
	}
	if c.Precision != Float64 {
		s.Precision = c.Precision.String()
	}
	for _, h := range m.History {
		s.HistoryIter = append(s.HistoryIter, h.Iter)
		s.HistoryErr = append(s.HistoryErr, number.Float(h.Err))
	}
	return s
}

func matrixArray(name string, a *mat.Dense) npz.Array {
	r, c := a.Dims()
	data := make([]float64, 0, r*c)
	for i := range r {
		data = append(data, a.RawRowView(i)...)
	}
	return npz.Array{Name: name, Shape: []int{r, c}, Floats: data}
}

// Load reads a model that [Model.Save] wrote, or any .npz archive with
// matrices W and H, such as numpy.savez(f, W=W, H=H) writes; the settings of
// the latter are the defaults. Errors wrap [ErrFormat], or name the entry of
// W or H that is negative or not finite.
func Load(r io.Reader) (*Model, error) {
	m, _, err := load(r)
	return m, err
}

// load returns what else is in the file, too.
func load(r io.Reader) (*Model, map[string]*npz.Array, error) {
	arrays, err := npz.Read(r)
	if err != nil {
		return nil, nil, fmt.Errorf("nmf: load: %w (%w)", ErrFormat, err)
	}
	m, err := modelOf(arrays)
	return m, arrays, err
}

func modelOf(arrays map[string]*npz.Array) (m *Model, err error) {
	m = &Model{}
	for name, to := range map[string]**mat.Dense{"W": &m.W, "H": &m.H} {
		if *to, err = denseOf(name, arrays[name]); err != nil {
			return nil, err
		}
	}
	_, k := m.W.Dims()
	if rows, _ := m.H.Dims(); rows != k {
		return nil, kind.Errorf(ErrFormat, "nmf: load: W has %d columns and H %d rows", k, rows)
	}
	m.Config.Components = k
	if a := arrays["report"]; a != nil {
		if len(a.Texts) != 1 {
			return nil, kind.Errorf(ErrFormat, "nmf: load: report is not a string")
		}
		if err := json.Unmarshal([]byte(a.Texts[0]), &m.Report); err != nil {
			return nil, fmt.Errorf("nmf: load: report: %w (%w)", ErrFormat, err)
		}
	}
	a := arrays["settings"]
	if a == nil {
		return m, nil
	}
	if len(a.Texts) != 1 {
		return nil, kind.Errorf(ErrFormat, "nmf: load: settings is not a string")
	}
	if err := m.setSettings([]byte(a.Texts[0])); err != nil {
		return nil, fmt.Errorf("nmf: load: settings: %w (%w)", ErrFormat, err)
	}
	for name, a := range m.state.likeH {
		if *a, err = m.likeH(name, arrays[name]); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// likeH returns the entries of an array that must have the shape of H.
func (m *Model) likeH(name string, a *npz.Array) ([]float64, error) {
	d, err := denseOf(name, a)
	if err != nil {
		return nil, err
	}
	k, cols := m.H.Dims()
	if r, c := d.Dims(); r != k || c != cols {
		return nil, kind.Errorf(ErrFormat, "nmf: load: %s is %d x %d, want %d x %d as H", name, r, c, k, cols)
	}
	return d.RawMatrix().Data, nil
}

func denseOf(name string, a *npz.Array) (*mat.Dense, error) {
	if a == nil {
		return nil, kind.Errorf(ErrFormat, "nmf: load: there is no array %s", name)
	}
	r, c, data, err := a.Matrix()
	if err != nil {
		return nil, fmt.Errorf("nmf: load: %w (%w)", ErrFormat, err)
	}
	if r == 0 || c == 0 {
		return nil, kind.Errorf(ErrFormat, "nmf: load: %s is %d x %d", name, r, c)
	}
	for p, v := range data {
		if err := checkEntry(name, p/c, p%c, v); err != nil {
			return nil, err
		}
	}
	return mat.NewDense(r, c, data), nil
}

// solversByName has an empty solver for each name in a file.
var solversByName = map[string]func(raw json.RawMessage) (Solver, error){
	CD{}.name():            decodeSolver[CD],
	MU{}.name():            decodeSolver[MU],
	MiniBatch{}.name():     decodeSolver[MiniBatch],
	AcceleratedCD{}.name(): decodeSolver[AcceleratedCD],
}

func decodeSolver[S Solver](raw json.RawMessage) (Solver, error) {
	var s S
	if len(raw) == 0 {
		return s, nil
	}
	err := json.Unmarshal(raw, &s)
	return s, err
}

func (m *Model) setSettings(text []byte) error {
	var raw json.RawMessage
	s := settings{SolverSet: &raw}
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	if s.Format != "gonmf" || s.Version != fileVersion {
		return fmt.Errorf("format %q, version %d: want gonmf, version %d", s.Format, s.Version, fileVersion)
	}
	c := &m.Config
	c.MaxIter, c.Tol, c.Seed = s.MaxIter, s.Tol, s.Seed
	c.AlphaW, c.AlphaH, c.L1Ratio, c.Unobserved = s.AlphaW, s.AlphaH, s.L1Ratio, s.Unobserved
	var err error
	if c.Init, err = ParseInit(s.Init); err != nil {
		return err
	}
	if c.Loss, err = ParseLoss(s.Loss); err != nil {
		return err
	}
	if s.Precision != "" {
		if c.Precision, err = ParsePrecision(s.Precision); err != nil {
			return err
		}
	}
	decode := solversByName[s.Solver]
	if decode == nil {
		return fmt.Errorf("solver %q is not known", s.Solver)
	}
	if c.Solver, err = decode(raw); err != nil {
		return err
	}
	m.Iter, m.Err, m.Names = s.Iter, float64(s.Err), s.Names
	for stop, name := range stopNames {
		if name == s.Stop {
			m.Stop = Stop(stop)
		}
	}
	if s.State != nil {
		m.state = s.State.state()
	}
	if len(s.HistoryIter) != len(s.HistoryErr) {
		return fmt.Errorf("%d iterations and %d errors of the history", len(s.HistoryIter), len(s.HistoryErr))
	}
	for i, iter := range s.HistoryIter {
		m.History = append(m.History, HistoryPoint{iter, float64(s.HistoryErr[i])})
	}
	return nil
}
