package cli

import (
	"io"
	"os"
	"path/filepath"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/files"
	"gonmf/nmf"
)

// WriteFiles writes files into the folder dir, each as [WriteFile] does, in
// their order.
func WriteFiles(dir string, all []File) error {
	for _, f := range all {
		if err := WriteFile(filepath.Join(dir, f.Name), f.Write); err != nil {
			return err
		}
	}
	return nil
}

// File is a file to be written: its name and what writes its content.
type File struct {
	Name  string
	Write func(w io.Writer) error
}

// CSV returns the table as a file.
func CSV(name string, df dataframe.DataFrame) File {
	return File{name, func(w io.Writer) error { return frames.WriteCSV(w, df) }}
}

// Model returns the model as a file.
func Model(name string, m *nmf.Model) File { return File{name, m.Save} }

// Text returns the text as a file.
func Text(name, text string) File {
	return File{name, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}}
}

// WriteFile writes a file as [files.Replace] does. It makes path's folder if
// need be.
func WriteFile(path string, write func(w io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return files.Replace(path, write)
}
