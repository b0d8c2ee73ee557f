# Reads JUnit files by the rules of GitLab's lib/gitlab/ci/parsers/test/junit.rb, and prints as JSON what a
# merge request would show: for each file an error, or its cases.
require "active_support"
require "active_support/core_ext/array/wrap"
require "active_support/core_ext/hash/conversions"
require "active_support/xml_mini/nokogiri"
require "json"

ActiveSupport::XmlMini.backend = "Nokogiri"

ATTACHMENT = /\[\[ATTACHMENT\|(.+?)\]\]/
RESULTS = { "failure" => "failed", "error" => "error", "skipped" => "skipped" }

def each_case(suites, &told)
  Array.wrap(suites).grep(Hash).each do |suite|
    Array.wrap(suite["testcase"]).each { |one| told.call(suite["name"], one) }
    each_case(suite["testsuite"], &told)
  end
end

def read(document)
  cases = []
  [document["testsuites"], document["testsuite"]].each do |suites|
    each_case(suites) do |suite, one|
      element = RESULTS.keys.find { |name| one.key?(name) }
      cases << {
        key: [suite, one["classname"], one["name"]].join("_"),
        suite: suite, classname: one["classname"], name: one["name"], time: one["time"].to_f,
        status: RESULTS.fetch(element, "success"), text: element && one[element],
        output: one["system_out"], attachment: one["system_out"].to_s[ATTACHMENT, 1]
      }
    end
  end
  { cases: cases }
end

told = ARGV.map do |path|
  begin
    read(Hash.from_xml(File.read(path, encoding: "UTF-8")))
  rescue StandardError => error
    { error: error.to_s }
  end
end
puts JSON.generate(told)
