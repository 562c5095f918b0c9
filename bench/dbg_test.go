package main
import ("context";"fmt";"testing";"time";"os";"github.com/interchange-sdk/interchange-go/client")
type dbg struct{*client.Pace; t0 time.Time}
func (d dbg) Observe(k client.LimitKey, o client.Observation){
 d.Pace.Observe(k,o)
 for _,s:=range d.Pace.All(){ fmt.Fprintf(os.Stderr,"%8.2fms st=%d R=%d reset=%v ra=%v | bucket=%v ann=%v rem=%d rate=%.1f held=%v ends=%v wait=%d inf=%d\n", float64(o.At.Sub(d.t0).Microseconds())/1000,o.StatusCode,o.Quota.Remaining,o.Quota.Reset.Sub(o.At),o.RetryAfter,s.Bucket,s.Announced,s.Remaining,s.Rate,!s.HeldUntil.IsZero(),s.Reset.Sub(o.At),s.Waiting,s.InFlight)}
}
var debugLimiter func() client.Option
func TestDbg(t *testing.T){
 debugLimiter=func() client.Option { return client.WithLimiter(dbg{client.NewLimiter(),time.Now()}) }
 for _,s:=range limits().scenarios { if s.name==os.Getenv("S") { m,err:=s.run(context.Background(),false); fmt.Println(m.values,err)} }
}
