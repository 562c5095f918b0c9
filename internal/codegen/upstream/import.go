package upstream

import "io"

func Import(args []string, out io.Writer) error { return nil }
