// Serves /www to those who wait: GET /FILE?is=TEXT is answered once the file has
// that text. Woken by inotify, so that whoever waits takes no time from others.
package main

import (
	"log"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

const root = "/www"

var (
	changed = sync.NewCond(&sync.Mutex{})
	changes int
	arrival = uint32(syscall.IN_CLOSE_WRITE | syscall.IN_MOVED_TO)
)

func watch() {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := syscall.InotifyAddWatch(fd, root, arrival); err != nil {
		log.Fatal(err)
	}
	events := make([]byte, 64*1024)
	for {
		if _, err := syscall.Read(fd, events); err != nil && err != syscall.EINTR {
			log.Fatal(err)
		}
		changed.L.Lock()
		changes++
		changed.L.Unlock()
		changed.Broadcast()
	}
}

func serve(answer http.ResponseWriter, request *http.Request) {
	file := filepath.Join(root, filepath.Clean("/"+request.URL.Path))
	wanted := request.URL.Query().Get("is")
	changed.L.Lock()
	defer changed.L.Unlock()
	for {
		content, _ := os.ReadFile(file)
		if string(content) == wanted {
			_, _ = answer.Write(content)
			return
		}
		for seen := changes; seen == changes; {
			changed.Wait()
		}
	}
}

func main() {
	go watch()
	log.Fatal(http.ListenAndServe(":8080", http.HandlerFunc(serve)))
}
