package sandbox_test

import (
	"io"
	"net/http"
	"testing"
)

// BenchmarkGet measures the sandbox together with a plain client, checks against the contract included.
func BenchmarkGet(b *testing.B) {
	_, admin := startSandbox(b)
	id := admin.create(`{"name":"one","expiresInDays":30}`)["id"].(string)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := admin.srv.HTTPClient().Do(admin.request(http.MethodGet, tokensPath+"/"+id, ""))
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		srv, _ := startSandbox(b)
		if err := srv.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
